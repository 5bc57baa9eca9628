import type { ReactNode } from 'react';
import type { Translate } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Field } from '../ui/field';
import type { FieldProblems } from '../ui/field-problems';
import { lineProblem, SLUG } from '../ui/field-problems';
import { dataField, NameField, SlugField } from '../ui/named-fields';
import type { CustomerFields } from './customers-api';

export type Named = keyof CustomerFields | 'slug';
type Values = CustomerFields & { readonly slug: string };

export const NAMES: readonly Named[] = ['name', 'slug', 'domain', 'externalCustomerId'];

const DOMAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/** What the server would refuse, said at once and in the reader's language. */
export function customerProblems(
  t: Translate,
  { name, slug, domain, externalCustomerId }: Values,
): FieldProblems<Named> {
  return {
    name: lineProblem(t, name, 255, true),
    slug: slug === '' || SLUG.test(slug) ? undefined : t('customers.slug.form'),
    domain: domain === '' || (DOMAIN.test(domain) && domain.length <= 253) ? undefined : t('customers.domain.form'),
    externalCustomerId: lineProblem(t, externalCustomerId, 255),
  };
}

interface CustomerInputsProps {
  readonly values: Values;
  readonly problems: FieldProblems<Named>;
  readonly onChange: (change: Partial<Values>) => void;
  /** An existing customer keeps its slug. */
  readonly isSlugFixed?: boolean;
}

export function CustomerInputs({ values, problems, onChange, isSlugFixed }: CustomerInputsProps): ReactNode {
  const { t } = useI18n();
  return (
    <>
      <NameField
        example={t('customers.name.example')}
        value={values.name}
        problem={problems.name}
        onChange={(name) => onChange({ name })}
      />
      <SlugField
        isReadOnly={isSlugFixed}
        help={t(isSlugFixed ? 'customers.slug.fixed' : 'customers.slug.help')}
        value={values.slug}
        problem={problems.slug}
        onChange={(slug) => onChange({ slug })}
      />
      <div className="form-pair">
        <Field
          {...dataField}
          label={t('customers.domain')}
          help={t('customers.domain.help')}
          value={values.domain}
          problem={problems.domain}
          onChange={(domain) => onChange({ domain })}
        />
        <Field
          {...dataField}
          label={t('customers.external')}
          help={t('customers.external.help')}
          value={values.externalCustomerId}
          problem={problems.externalCustomerId}
          onChange={(externalCustomerId) => onChange({ externalCustomerId })}
        />
      </div>
    </>
  );
}

/** As it is sent: without what a paste brings along at the ends, and the domain in the case that the API has. */
export const tidied = (values: Values): Values => ({
  name: values.name.trim(),
  slug: values.slug.trim(),
  domain: values.domain.trim().toLowerCase(),
  externalCustomerId: values.externalCustomerId.trim(),
});
