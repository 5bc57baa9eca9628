import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { lazyPart } from '../app/part';
import { useI18n } from '../i18n/i18n';
import { Copied } from '../ui/copied';
import { Facts } from '../ui/facts';
import { Name } from '../ui/name';
import { Card } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Stamp } from '../ui/stamp';
import { useOpenFlag } from './flag-edit-context';
import { strategyWords, valueText } from './flag-words';
import './flag-overview.css';

const EvaluationsChart = lazyPart(() => import('./evaluations-chart'), 'EvaluationsChart');

/** What is saved: who gets what, what is known of the flag, and how often it was asked for. */
export function FlagOverview(): ReactNode {
  const { t } = useI18n();
  const { flag } = useOpenFlag().present;
  return (
    <>
      <Card title={t('flags.who')}>
        <WhoGetsWhat />
      </Card>
      <Card title={t('flags.evaluations')}>
        <Suspense fallback={<Skeleton lines={1} height={320} />}>
          <EvaluationsChart slug={flag.slug} />
        </Suspense>
      </Card>
      <Card title={t('customers.details')}>
        <div className="stack">
          {flag.description && (
            <p className="flag-description" dir="auto">
              {flag.description}
            </p>
          )}
          <Facts
            facts={[
              [t('field.slug'), <Copied key="slug" text={flag.slug} label={t('field.slug')} />],
              [t('customers.id'), <Copied key="id" text={flag.id} label={t('customers.id')} />],
              [t('flags.event'), flag.event_name && <Name text={flag.event_name} />],
              [t('field.created'), <Stamp key="created" at={flag.createdAt} by={flag.createdBy} />],
              [t('customers.updated'), <Stamp key="updated" at={flag.updatedAt} by={flag.updatedBy} />],
            ]}
          />
        </div>
      </Card>
    </>
  );
}

/** The way that an evaluation goes, from the first targeting to the default. */
function WhoGetsWhat(): ReactNode {
  const { t, language } = useI18n();
  const { flag } = useOpenFlag().present;
  const variants = flag.variants ?? [];
  const targetings = flag.targetings ?? [];
  return (
    <div className="stack">
      {!flag.enabled && <p className="flag-off">{t('flags.who.off')}</p>}
      <ol className={`flag-way${flag.enabled ? '' : ' flag-way-off'}`}>
        {targetings.map((targeting) => (
          <li key={targeting.name}>
            <div className="flag-way-who">
              <strong>
                <Name text={targeting.name} lines={2} />
              </strong>
              <code dir="ltr">{targeting.rule}</code>
            </div>
            <Name text={strategyWords(t, language, targeting, variants)} />
          </li>
        ))}
        <li className="flag-way-default">
          <div className="flag-way-who">
            <strong>{t(targetings.length > 0 ? 'flags.who.others' : 'flags.who.everybody')}</strong>
          </div>
          <Name text={strategyWords(t, language, flag.default_variant, variants)} />
        </li>
      </ol>
      <h3 className="flag-values-title">{t('flags.variants')}</h3>
      <dl className="flag-values">
        {variants.map(({ id, name, value }) => (
          <div key={id}>
            <dt>
              <Name text={name} lines={1} />
            </dt>
            <dd>
              <code title={valueText(value)} dir="auto">
                {valueText(value)}
              </code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
