import type { ReactNode } from 'react';
import type { Translate } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import type { FieldProblems } from '../ui/field-problems';
import { lineProblem, SLUG } from '../ui/field-problems';
import { dataField, NameField, SlugField } from '../ui/named-fields';
import { CustomerField } from './customer-field';
import type { InstanceFields } from './instances-api';

/** With the name of the chosen customer, which a draft has to show again. */
export type Values = InstanceFields & { readonly customerName: string };
export type Named = keyof InstanceFields | 'startLicenseDate' | 'endLicenseDate';
export const NAMES: readonly Named[] = [
  'name',
  'slug',
  'description',
  'customerId',
  'startLicenseDate',
  'endLicenseDate',
];

const LONGEST = 10_000;

/** What the server would refuse, said at once and in the reader's language. */
export function instanceProblems(t: Translate, values: Values, isNew: boolean): FieldProblems<Named> {
  const { name, slug, description, customerId, from, until } = values;
  const count = [...description].length;
  return {
    name: lineProblem(t, name, 255, true),
    slug:
      slug === ''
        ? isNew
          ? undefined
          : t('instances.slug.needed')
        : SLUG.test(slug)
          ? undefined
          : t('customers.slug.form'),
    description: count > LONGEST ? t('form.tooLong', { max: LONGEST, count }) : undefined,
    customerId: customerId ? undefined : t('instances.customer.choose'),
    endLicenseDate: from && until && until < from ? t('instances.license.inverted') : undefined,
  };
}

/** Refusals that are about a field without saying so. */
export const instanceCodes = (t: Translate): Readonly<Record<string, readonly [Named, string]>> => ({
  'Instance.SlugTaken': ['slug', t('instances.slug.taken')],
  'Customer.NotFound': ['customerId', t('instances.customer.missing')],
});

export const tidied = (values: Values): Values => ({ ...values, name: values.name.trim(), slug: values.slug.trim() });

interface InstanceInputsProps {
  readonly values: Values;
  readonly problems: FieldProblems<Named>;
  readonly isNew: boolean;
  readonly onChange: (change: Partial<Values>) => void;
}

export function InstanceInputs({ values, problems, isNew, onChange }: InstanceInputsProps): ReactNode {
  const { t } = useI18n();
  return (
    <>
      <NameField
        example={t('instances.name.example')}
        value={values.name}
        problem={problems.name}
        onChange={(name) => onChange({ name })}
      />
      <CustomerField
        id={values.customerId}
        name={values.customerName}
        problem={problems.customerId}
        onChange={(customerId, customerName) => onChange({ customerId, customerName })}
      />
      <SlugField
        isRequired={!isNew}
        help={t(isNew ? 'instances.slug.help' : 'instances.slug.change')}
        value={values.slug}
        problem={problems.slug}
        onChange={(slug) => onChange({ slug })}
      />
      <Field
        {...dataField}
        dir="auto"
        lines={3}
        label={t('instances.description')}
        value={values.description}
        problem={problems.description}
        onChange={(description) => onChange({ description })}
      />
      <div className="form-pair">
        <Field
          {...dataField}
          type="date"
          label={t('instances.license.from')}
          help={t(isNew ? 'instances.license.from.help' : 'instances.license.kept')}
          value={values.from}
          problem={problems.startLicenseDate}
          onChange={(from) => onChange({ from })}
        />
        <Field
          {...dataField}
          type="date"
          label={t('instances.license.until')}
          help={t(isNew ? 'instances.license.until.help' : 'instances.license.kept')}
          value={values.until}
          problem={problems.endLicenseDate}
          onChange={(until) => onChange({ until })}
        />
      </div>
    </>
  );
}
