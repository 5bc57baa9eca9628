import type { ReactNode } from 'react';
import { JsonEditor } from '../editors/json-editor';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Icon } from '../ui/icon';
import { isolated, visibleName } from '../ui/name';
import { Select } from '../ui/select';
import type { VariantDraft } from './flag-draft';
import { At, focusPlace } from './place';
import type { FlagForm } from './use-flag-form';
import { emptyVariant, usesOf } from './variant-defaults';

const MOST = 100;

/** The values that a flag may have, each under a name. */
export function VariantsFields({ form }: { form: FlagForm }): ReactNode {
  const { t } = useI18n();
  const { draft, change, problemAt, refusal } = form;
  const add = (): void => {
    const variant = emptyVariant(draft.type);
    change((now) => ({ ...now, variants: [...now.variants, variant] }));
    focusPlace(`variants/${variant.key}/name`);
  };
  const most = draft.variants.length >= MOST ? t('flags.variants.most', { max: MOST }) : undefined;
  return (
    <At place="variants">
      <div className="stack">
        <ul className="flag-parts">
          {draft.variants.map((variant, index) => (
            <li key={variant.key}>
              <VariantFields form={form} variant={variant} position={index + 1} />
            </li>
          ))}
        </ul>
        {problemAt('variants') && <p className="field-error small">{problemAt('variants')}</p>}
        <div className="row">
          <Button small disabledBecause={refusal ?? most} onPress={add}>
            <Icon name="plus" size={16} />
            {t('flags.variants.add')}
          </Button>
        </div>
      </div>
    </At>
  );
}

interface VariantFieldsProps {
  readonly form: FlagForm;
  readonly variant: VariantDraft;
  readonly position: number;
}

function VariantFields({ form, variant, position }: VariantFieldsProps): ReactNode {
  const { t, language } = useI18n();
  const { draft, change, problemAt, refusal } = form;
  const { key, name, description } = variant;
  const at = `variants/${key}`;
  const set = (fields: Partial<VariantDraft>): void =>
    change((now) => ({
      ...now,
      variants: now.variants.map((other) => (other.key === key ? { ...other, ...fields } : other)),
    }));
  const uses = usesOf(draft, key).map((use) => (use === '' ? t('flags.variant.use.default') : isolated(use)));
  const used =
    uses.length > 0 ? t('flags.variant.used', { by: new Intl.ListFormat(language).format(uses) }) : undefined;
  const common = {
    validationBehavior: 'aria',
    autoComplete: 'off',
    spellCheck: 'false',
    isReadOnly: refusal !== undefined,
  } as const;
  const label = name.trim() ? visibleName(name) : String(position);
  const value = <ValueField form={form} variant={variant} onChange={(text) => set({ value: text })} />;
  const isWide = draft.type === 'object';
  return (
    <fieldset className="flag-variant">
      <legend className="visually-hidden">{t('flags.variant.legend', { name: label })}</legend>
      <div className="flag-variant-line">
        <At place={`${at}/name`}>
          <Field
            {...common}
            isRequired
            dir="auto"
            label={t('field.name')}
            value={name}
            problem={problemAt(`${at}/name`)}
            onChange={(text) => set({ name: text })}
          />
        </At>
        {!isWide && value}
        <At place={`${at}/description`}>
          <Field
            {...common}
            dir="auto"
            label={t('instances.description')}
            value={description}
            problem={problemAt(`${at}/description`)}
            onChange={(text) => set({ description: text })}
          />
        </At>
        <Button
          kind="quiet"
          aria-label={t('flags.variant.remove', { name: label })}
          disabledBecause={refusal ?? used}
          onPress={() => change((now) => ({ ...now, variants: now.variants.filter((other) => other.key !== key) }))}
        >
          <Icon name="close" size={16} />
        </Button>
      </div>
      {isWide && value}
    </fieldset>
  );
}

interface ValueFieldProps {
  readonly form: FlagForm;
  readonly variant: VariantDraft;
  readonly onChange: (text: string) => void;
}

/** A value, edited as its type asks. */
function ValueField({ form: { draft, problemAt, refusal }, variant, onChange }: ValueFieldProps): ReactNode {
  const { t } = useI18n();
  const { key, value } = variant;
  const place = `variants/${key}/value`;
  const problem = problemAt(place);
  const label = t('flags.value');
  if (draft.type === 'boolean') {
    const choices = (['true', 'false'] as const).map((word) => ({ value: word, text: word }));
    const isTrue = value === 'true';
    return (
      <At place={place}>
        <Select
          label={label}
          choices={choices}
          value={isTrue ? 'true' : 'false'}
          isDisabled={refusal !== undefined}
          problem={problem}
          onChange={onChange}
        />
      </At>
    );
  }
  if (draft.type === 'object') {
    return (
      <At place={place}>
        <JsonEditor
          label={label}
          value={value}
          isReadOnly={refusal !== undefined}
          errorMessage={problem}
          onChange={onChange}
        />
      </At>
    );
  }
  return (
    <At place={place}>
      <Field
        mono={draft.type === 'number'}
        isRequired
        validationBehavior="aria"
        autoComplete="off"
        spellCheck="false"
        dir={draft.type === 'string' ? 'auto' : undefined}
        lines={draft.type === 'string' ? Math.min(6, value.split('\n').length) : undefined}
        inputMode={draft.type === 'number' ? 'decimal' : undefined}
        isReadOnly={refusal !== undefined}
        label={label}
        value={value}
        problem={problem}
        onChange={onChange}
      />
    </At>
  );
}
