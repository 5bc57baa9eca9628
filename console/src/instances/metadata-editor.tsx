import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useRefusal } from '../api/use-refusal';
import { checkJson } from '../editors/json-check';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { ClashNote } from '../ui/clash-note';
import { Clash, saveBeside } from '../ui/field-problems';
import { Card } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { showToast } from '../ui/toast';
import { useEditDraft } from '../ui/use-draft';
import type { Instance, ReadInstance } from './instances-api';
import { instanceQuery, patchInstance } from './instances-api';

const tidy = (value: unknown): string => JSON.stringify(value ?? {}, null, 2);

/** The same text for the same value: the database orders keys as it likes. */
const ordered = (value: unknown): string =>
  JSON.stringify(value ?? {}, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

interface Compared {
  readonly metadata: string;
}

/** The instance's metadata as text. It is saved as a whole, and only over what one has seen. */
export function MetadataEditor({ instance, reference }: { instance: Instance; reference: string }): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const refusal = useRefusal('write:instances');
  const { base, values, change, forget } = useEditDraft(`metadata:${instance.id}`, { text: tidy(instance.metadata) });
  const { text } = values;
  const isChanged = text !== base.text;
  const checked = checkJson(text);
  const { queryKey, queryFn } = instanceQuery(reference);
  const read = (): Promise<ReadInstance> => queries.fetchQuery({ queryKey, queryFn, staleTime: 0 });
  const save = useMutation({
    mutationFn: async ({ metadata, isForced }: { metadata: Record<string, unknown>; isForced: boolean }) => {
      await saveBeside<ReadInstance, Compared, unknown>({
        base: { metadata: ordered(JSON.parse(base.text)) },
        mine: { metadata: ordered(metadata) },
        isForced,
        read,
        fieldsOf: (present) => ({ metadata: ordered(present.metadata) }),
        write: ({ id, etag }) => patchInstance(id, { metadata }, etag),
      });
      await read();
    },
    onSuccess: () => {
      forget();
      showToast({ text: t('metadata.saved') });
    },
  });
  const clash = save.error instanceof Clash ? (save.error as Clash<Compared>) : undefined;
  const submit = (isForced: boolean): void => {
    if ('value' in checked) save.mutate({ metadata: checked.value, isForced });
  };
  const load = (): void => {
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
            onChange={(next) => {
              if (clash) save.reset();
              change({ text: next });
            }}
            isReadOnly={refusal !== undefined}
            status={(bytes) => <Valid bytes={bytes} isChanged={isChanged} />}
          />
        </div>
        <ClashNote
          clash={clash}
          label={() => t('metadata.title')}
          shown={(metadata) => tidy(JSON.parse(metadata))}
          isCode
          onMine={() => submit(true)}
          onTheirs={load}
        />
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
