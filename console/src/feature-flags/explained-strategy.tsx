import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { isolated, Name } from '../ui/name';
import { ExplainedStep } from './explained-step';
import type { Explanation } from './insight-api';

interface Segment {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

const BUCKETS = 10_000;

/** How the place that was asked last chose: for all, or by the bucket of the key. */
export function ExplainedStrategy({ explanation }: { explanation: Explanation }): ReactNode {
  const { t } = useI18n();
  const { bucket, variant } = explanation;
  const strategy = explanation.strategy!;
  const segments = segmentsOf(strategy);
  const kind = variant === undefined ? 'broken' : 'matched';
  if (segments.length === 0) {
    return <ExplainedStep kind={kind} title={t('tryIt.gives', { variant: isolated(strategy.variant) })} />;
  }
  const title = bucket
    ? t('tryIt.bucket', { number: bucket.number, of: bucket.of })
    : t(strategy.type === 'rollout_date' && variant !== undefined ? 'tryIt.rollout.all' : 'tryIt.noBucket');
  return (
    <ExplainedStep
      kind={kind}
      title={title}
      text={strategy.type === 'rollout_date' ? t(`tryIt.rollout.${strategy.state ?? 'under_way'}`) : undefined}
    >
      {bucket && (
        <p className="bucket-hash">
          <code dir="ltr">
            xxHash64({JSON.stringify(`${bucket.salt}\0${bucket.targetingKey}`)}) mod {bucket.of} = {bucket.number}
          </code>
        </p>
      )}
      <BucketBar segments={segments} number={bucket?.number} given={variant} />
    </ExplainedStep>
  );
}

function segmentsOf(strategy: NonNullable<Explanation['strategy']>): readonly Segment[] {
  if (strategy.type === 'rollout_percentage') return strategy.segments ?? [];
  if (strategy.type !== 'rollout_date') return [];
  const { endVariantBelow = 0, endVariant = '', startVariant = '' } = strategy;
  return [
    { variant: endVariant, from: 0, to: endVariantBelow },
    { variant: startVariant, from: endVariantBelow, to: BUCKETS },
  ].filter(({ from, to }) => to > from);
}

interface BucketBarProps {
  readonly segments: readonly Segment[];
  readonly number: number | undefined;
  readonly given: string | undefined;
}

/** Who has which buckets, and which one is the key's. */
function BucketBar({ segments, number, given }: BucketBarProps): ReactNode {
  const { t, language } = useI18n();
  const share = ({ from, to }: Segment): string =>
    ((to - from) / BUCKETS).toLocaleString(language, { style: 'percent', maximumFractionDigits: 2 });
  const isKeys = ({ from, to, variant }: Segment): boolean =>
    number === undefined ? variant === given : number >= from && number < to;
  return (
    <div className="bucket">
      <div className="bucket-bar" aria-hidden="true">
        {segments.map((segment) => (
          <div
            key={`${segment.variant} ${segment.from}`}
            className={isKeys(segment) ? 'bucket-segment bucket-given' : 'bucket-segment'}
            style={{ flexGrow: segment.to - segment.from }}
          />
        ))}
        {number !== undefined && (
          <div className="bucket-marker" style={{ left: `${((number + 0.5) / BUCKETS) * 100}%` }} />
        )}
      </div>
      <ul className="bucket-legend small">
        {segments.map((segment) => (
          <li key={`${segment.variant} ${segment.from}`} className={isKeys(segment) ? 'bucket-own' : undefined}>
            <span className={isKeys(segment) ? 'bucket-key bucket-given' : 'bucket-key'} aria-hidden="true" />
            <span>
              <Name text={segment.variant} />{' '}
              <span className="soft">
                {t('tryIt.segment', {
                  share: share(segment),
                  from: Math.ceil(segment.from),
                  to: Math.ceil(segment.to) - 1,
                })}
              </span>
              {isKeys(segment) && number !== undefined && <strong> · {t('tryIt.segment.own', { number })}</strong>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
