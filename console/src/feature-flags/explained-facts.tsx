import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { isolated } from '../ui/name';
import { ExplainedStep } from './explained-step';
import type { Explanation } from './insight-api';

interface Named {
  readonly slug?: string;
  readonly name?: string;
}

/** Whom the context is of, as far as the server knows. */
export function ExplainedFacts({
  explanation,
}: {
  explanation: Pick<Explanation, 'facts' | 'factsRedacted'>;
}): ReactNode {
  const { t } = useI18n();
  const { facts, factsRedacted } = explanation;
  return (
    <ExplainedStep kind="start" title={t('tryIt.facts')} text={useFactsText(explanation)}>
      {!factsRedacted && <FactsText facts={facts} />}
    </ExplainedStep>
  );
}

/** In one sentence. */
export function useFactsText({ facts, factsRedacted }: { facts: object; factsRedacted?: boolean }): string {
  const { t } = useI18n();
  const { customer, instance } = facts as { customer?: Named; instance?: Named };
  if (factsRedacted) return t('tryIt.facts.redacted');
  const names = {
    customer: isolated(customer?.name, customer?.slug),
    instance: isolated(instance?.name, instance?.slug),
  };
  if (customer?.slug && instance?.slug) return t('tryIt.facts.both', names);
  if (customer?.slug) return t('tryIt.facts.customer', names);
  if (instance?.slug) return t('tryIt.facts.instance', names);
  return t('tryIt.facts.none');
}

export function FactsText({ facts }: { facts: object }): ReactNode {
  const { t } = useI18n();
  return (
    <details className="step-more">
      <summary>{t('tryIt.facts.show')}</summary>
      <pre dir="ltr">{JSON.stringify({ __kaiten: facts }, null, 2)}</pre>
    </details>
  );
}
