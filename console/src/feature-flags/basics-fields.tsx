import type { ReactNode } from 'react';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import { Select } from '../ui/select';
import type { FlagDraft } from './flag-draft';
import type { FlagType } from './flags-api';
import { At } from './place';
import type { FlagForm } from './use-flag-form';
import { retyped } from './variant-defaults';
import '../ui/form-dialog.css';

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object'];

/** What the server makes of a name, where it is simple enough to be told here. */
const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');

/** What a flag is called, and what it is for. */
export function BasicsFields({ form }: { form: FlagForm }): ReactNode {
  const { t } = useI18n();
  const { draft, change, problemAt, refusal, isNew } = form;
  const common = {
    validationBehavior: 'aria',
    autoComplete: 'off',
    spellCheck: 'false',
    isReadOnly: refusal !== undefined,
  } as const;
  const set = (fields: Partial<FlagDraft>): void => change((now) => ({ ...now, ...fields }));
  const types = TYPES.map((value) => ({ value, text: t(`flags.type.${value}`) }));
  return (
    <>
      <At place="name">
        <Field
          {...common}
          isRequired
          autoFocus={isNew}
          dir="auto"
          label={t('field.name')}
          placeholder={t('flags.name.example')}
          value={draft.name}
          problem={problemAt('name')}
          onChange={(name) => set({ name })}
        />
      </At>
      <div className="form-pair">
        <At place="slug">
          <Field
            {...common}
            mono
            isRequired={!isNew}
            label={t('field.slug')}
            placeholder={isNew ? slugOf(draft.name) : undefined}
            help={t(isNew ? 'flags.slug.help' : 'flags.slug.change')}
            value={draft.slug}
            problem={problemAt('slug')}
            onChange={(slug) => set({ slug })}
          />
        </At>
        <At place="type">
          <Select
            label={t('flags.type')}
            choices={types}
            value={draft.type}
            isDisabled={!isNew || refusal !== undefined}
            help={t(isNew ? 'flags.type.help' : 'flags.type.fixed')}
            problem={problemAt('type')}
            onChange={(type) => change((now) => retyped(now, type))}
          />
        </At>
      </div>
      <At place="description">
        <Field
          {...common}
          dir="auto"
          lines={2}
          label={t('instances.description')}
          value={draft.description}
          problem={problemAt('description')}
          onChange={(description) => set({ description })}
        />
      </At>
    </>
  );
}

/** What most flags never need. */
export function MoreFields({ form }: { form: FlagForm }): ReactNode {
  const { t } = useI18n();
  const { draft, change, problemAt, refusal } = form;
  return (
    <>
      <At place="eventName">
        <Field
          validationBehavior="aria"
          autoComplete="off"
          spellCheck="false"
          isReadOnly={refusal !== undefined}
          label={t('flags.event')}
          help={t('flags.event.help')}
          value={draft.eventName}
          problem={problemAt('eventName')}
          onChange={(eventName) => change((now) => ({ ...now, eventName }))}
        />
      </At>
      <At place="metadata">
        <JsonEditor
          label={t('metadata.title')}
          help={t('flags.metadata.help')}
          value={draft.metadata}
          isReadOnly={refusal !== undefined}
          errorMessage={problemAt('metadata')}
          onChange={(metadata) => change((now) => ({ ...now, metadata }))}
        />
      </At>
    </>
  );
}
