import { useQueryClient } from '@tanstack/react-query';
import { useI18n } from '../i18n/i18n';
import { ApiError } from '../api/client';
import { isolated } from '../ui/name';
import { showToast } from '../ui/toast';
import type { Instance, Patch, ReadInstance } from './instances-api';
import { instanceQuery, patchInstance } from './instances-api';
import { stageText } from './words';

interface StateChange {
  /** Takes it back and says so where the server refuses. */
  readonly change: (instance: Instance, patch: Patch) => Promise<void>;
  /** For a form, which shows the refusal itself. @throws ApiError */
  readonly save: (instance: Instance, patch: Patch) => Promise<void>;
}

/**
 * Changes status or stage: shown at once, taken back where the server refuses, and undone by a toast.
 *
 * @param reference how the address names the instance.
 */
export function useStateChange(reference: string): StateChange {
  const { t } = useI18n();
  const queries = useQueryClient();
  const { queryKey } = instanceQuery(reference);
  const show = (patch: Partial<Pick<Instance, 'status' | 'lifecycleStage'>>): void =>
    void queries.setQueryData(queryKey, (shown: ReadInstance | undefined) => shown && { ...shown, ...patch });

  const apply = async (instance: Instance, patch: Patch): Promise<void> => {
    const { status, lifecycleStage } = instance;
    await queries.cancelQueries({ queryKey });
    show(patch);
    try {
      await patchInstance(instance.id, patch);
    } catch (error) {
      show(patch.status ? { status } : { lifecycleStage });
      throw error;
    }
    void queries.invalidateQueries({ queryKey: ['instances'] });
  };

  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      const said = error instanceof ApiError && !error.isUnreachable ? error.message : t('error.network');
      showToast({ kind: 'bad', text: `${t('error.title')}: ${said}` });
    }
  };

  const save = async (instance: Instance, patch: Patch): Promise<void> => {
    const name = isolated(instance.name, instance.slug);
    const value = patch.status ? t(`instances.status.${patch.status}`) : stageText(t, patch.lifecycleStage);
    const back: Patch = patch.status ? { status: instance.status } : { lifecycleStage: instance.lifecycleStage };
    // The API has no way to unset a stage.
    const canUndo = back.status !== undefined || back.lifecycleStage !== undefined;
    await apply(instance, patch);
    const takeBack = async (): Promise<void> => {
      await apply({ ...instance, ...patch }, back);
      showToast({ text: t('instances.undone', { name }) });
    };
    showToast({
      text: t('instances.status.changed', { name, value: isolated(value) }),
      undo: canUndo ? () => guarded(takeBack()) : undefined,
    });
  };

  return { change: (instance, patch) => guarded(save(instance, patch)), save };
}
