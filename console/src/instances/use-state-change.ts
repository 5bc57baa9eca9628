import { useQueryClient } from '@tanstack/react-query';
import { useI18n } from '../i18n/i18n';
import { ApiError } from '../api/client';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import type { Instance, Patch } from './instances-api';
import { instanceQuery, patchInstance } from './instances-api';
import { stageText } from './words';

/**
 * Changes status or stage: shown at once, taken back where the server refuses, and undone by a toast.
 *
 * @param reference how the address names the instance.
 */
export function useStateChange(reference: string): (instance: Instance, patch: Patch) => Promise<void> {
  const { t } = useI18n();
  const queries = useQueryClient();
  const { queryKey } = instanceQuery(reference);
  const show = (patch: Partial<Pick<Instance, 'status' | 'lifecycleStage'>>): void =>
    void queries.setQueryData(queryKey, (shown: Instance | undefined) => shown && { ...shown, ...patch });

  const apply = async (instance: Instance, patch: Patch, text: string, undo?: () => void): Promise<void> => {
    const before = { status: instance.status, lifecycleStage: instance.lifecycleStage };
    await queries.cancelQueries({ queryKey });
    show(patch);
    try {
      await patchInstance(instance.id, patch);
    } catch (error) {
      show(patch.status ? { status: before.status } : { lifecycleStage: before.lifecycleStage });
      const said = error instanceof ApiError && !error.isUnreachable ? error.message : t('error.network');
      showToast({ kind: 'bad', text: `${t('error.title')}: ${said}` });
      return;
    }
    showToast({ text, undo });
    void queries.invalidateQueries({ queryKey: ['instances'] });
  };

  return async (instance, patch) => {
    const name = isolated(instance.name, instance.slug);
    const value = patch.status ? t(`instances.status.${patch.status}`) : stageText(t, patch.lifecycleStage);
    const back: Patch = patch.status ? { status: instance.status } : { lifecycleStage: instance.lifecycleStage };
    // The API has no way to unset a stage.
    const canUndo = back.status !== undefined || back.lifecycleStage !== undefined;
    const undo = (): void => void apply({ ...instance, ...patch }, back, t('instances.undone', { name }));
    await apply(
      instance,
      patch,
      t('instances.status.changed', { name, value: isolated(value) }),
      canUndo ? undo : undefined,
    );
  };
}
