import type { ReactNode } from 'react';
import { RuleEditor } from '../editors/rule-editor';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import type { TargetingDraft } from './flag-draft';
import { At } from './place';
import { StrategyFields } from './strategy-fields';
import type { FlagForm } from './use-flag-form';

/** Whom it is about, and what they get. */
export function TargetingFields({ form, targeting }: { form: FlagForm; targeting: TargetingDraft }): ReactNode {
  const { t } = useI18n();
  const { change, problemAt, refusal } = form;
  const { key, name, rule, strategy } = targeting;
  const at = `targetings/${key}`;
  const set = (fields: Partial<TargetingDraft>): void =>
    change((now) => ({
      ...now,
      targetings: now.targetings.map((other) => (other.key === key ? { ...other, ...fields } : other)),
    }));
  return (
    <div className="stack">
      <At place={`${at}/name`}>
        <Field
          isRequired
          validationBehavior="aria"
          autoComplete="off"
          spellCheck="false"
          dir="auto"
          label={t('field.name')}
          help={t('flags.targeting.name.help')}
          isReadOnly={refusal !== undefined}
          value={name}
          problem={problemAt(`${at}/name`)}
          onChange={(text) => set({ name: text })}
        />
      </At>
      <At place={`${at}/rule`}>
        <RuleEditor
          label={t('flags.rule')}
          isReadOnly={refusal !== undefined}
          value={rule}
          errorMessage={problemAt(`${at}/rule`)}
          onChange={(text) => set({ rule: text })}
        />
      </At>
      <StrategyFields
        form={form}
        at={at}
        strategy={strategy}
        onChange={(fields) => set({ strategy: { ...strategy, ...fields } })}
      />
    </div>
  );
}
