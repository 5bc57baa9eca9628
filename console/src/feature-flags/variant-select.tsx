import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { visibleName } from '../ui/name';
import { Select } from '../ui/select';
import { At } from './place';
import type { FlagForm } from './use-flag-form';

interface VariantSelectProps {
  readonly form: FlagForm;
  readonly place: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (key: string) => void;
}

/** One of the flag's variants. */
export function VariantSelect({ form, place, label, value, onChange }: VariantSelectProps): ReactNode {
  const { t } = useI18n();
  const { draft, problemAt, refusal } = form;
  const variants = draft.variants.map(({ key, name }, index) => ({
    value: key,
    text: name.trim() ? visibleName(name) : t('flags.variant.nameless', { position: index + 1 }),
  }));
  const isThere = variants.some((choice) => choice.value === value);
  const none = { value: '', text: t('flags.variant.choose'), isDisabled: true };
  return (
    <At place={place}>
      <Select
        label={label}
        choices={isThere ? variants : [none, ...variants]}
        value={isThere ? value : ''}
        isDisabled={refusal !== undefined}
        problem={problemAt(place)}
        onChange={onChange}
      />
    </At>
  );
}
