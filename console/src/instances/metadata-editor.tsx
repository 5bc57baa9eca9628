import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import { checkJson } from '../editors/json-check';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { isolated } from '../ui/name';
import { Card } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { showToast } from '../ui/toast';
import { useDraft } from '../ui/use-draft';
import type { Instance } from './instances-api';
import { instanceQuery, replaceMetadata } from './instances-api';

const tidy = (value: unknown): string => JSON.stringify(value ?? {}, null, 2);

/** Two texts of the same value: the database orders keys as it likes. */
const sameJson = (one: unknown, other: unknown): boolean => ordered(one) === ordered(other);
const ordered = (value: unknown): string =>
  JSON.stringify(value ?? {}, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  );

class MetadataClash extends Error {
  constructor(readonly by: string) {
    super('changed meanwhile');
  }
}

/** The instance's metadata as text. It is saved as a whole, and only over what one has seen. */
export function MetadataEditor({ instance, reference }: { instance: Instance; reference: string }): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const refusal = useRefusal('write:instances');
  const [base, setBase] = useState(instance.metadata);
  const [{ text }, change, forget] = useDraft(`metadata:${instance.id}`, { text: tidy(base) });
  const isChanged = text !== tidy(base);
  const checked = checkJson(text);
  // What somebody else has saved is shown at once, unless there is something to lose.
  useEffect(() => {
    if (!isChanged) setBase(instance.metadata);
  }, [instance.metadata, isChanged]);
  const { queryKey, queryFn } = instanceQuery(reference);
  const save = useMutation({
    mutationFn: async ({ metadata, isForced }: { metadata: Record<string, unknown>; isForced: boolean }) => {
      const present = await queries.fetchQuery({ queryKey, queryFn, staleTime: 0 });
      if (!isForced && !sameJson(present.metadata, base)) throw new MetadataClash(present.updatedBy.name ?? '');
      await replaceMetadata(present, metadata);
      return queries.fetchQuery({ queryKey, queryFn, staleTime: 0 });
    },
    onSuccess: ({ metadata }) => {
      setBase(metadata);
      forget();
      showToast({ text: t('metadata.saved') });
    },
  });
  const clash = save.error instanceof MetadataClash ? save.error : undefined;
  const submit = (isForced: boolean): void => {
    if ('value' in checked) save.mutate({ metadata: checked.value, isForced });
  };
  const load = (): void => {
    setBase(instance.metadata);
    forget();
    save.reset();
  };
  return (
    <Card title={t('metadata.title')}>
      <div className="stack">
        <div
          onKeyDown={(event) => {
            if (event.key === 's' && (event.ctrlKey || event.metaKey) && isChanged && !refusal) {
              event.preventDefault();
              submit(false);
            }
          }}
        >
          <JsonEditor
            label={<span className="visually-hidden">{t('metadata.label')}</span>}
            help={t('metadata.intro')}
            value={text}
            onChange={(next) => change({ text: next })}
            isReadOnly={refusal !== undefined}
            status={(bytes) => <Valid bytes={bytes} isChanged={isChanged} />}
          />
        </div>
        {clash && (
          <div className="problem" role="alert">
            <div>
              <strong>{t('metadata.changed')}</strong>
              <p>{t('metadata.changed.text', { name: isolated(clash.by) })}</p>
            </div>
            <div className="row">
              <Button small onPress={load}>
                {t('form.changed.theirs')}
              </Button>
              <Button small kind="danger" onPress={() => submit(true)}>
                {t('form.changed.mine')}
              </Button>
            </div>
          </div>
        )}
        {save.error && !clash && <ProblemNote error={save.error} />}
        <div className="row">
          <Button
            kind="primary"
            disabledBecause={refusal}
            isDisabled={!isChanged || 'fault' in checked}
            isPending={save.isPending}
            onPress={() => submit(false)}
          >
            {t('action.save')}
          </Button>
          {isChanged && (
            <Button onPress={load} isDisabled={save.isPending}>
              {t('metadata.discard')}
            </Button>
          )}
          {'value' in checked && text !== tidy(checked.value) && (
            <Button kind="quiet" onPress={() => change({ text: tidy(checked.value) })}>
              {t('metadata.format')}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function Valid({ bytes, isChanged }: { bytes: number; isChanged: boolean }): ReactNode {
  const { t, language } = useI18n();
  const size =
    bytes < 1024
      ? bytes.toLocaleString(language) + ' B'
      : (bytes / 1024).toLocaleString(language, { maximumFractionDigits: 1 }) + ' KiB';
  return (
    <>
      {t('metadata.valid', { size })}
      {isChanged && ` · ${t('metadata.unsaved')}`}
    </>
  );
}
