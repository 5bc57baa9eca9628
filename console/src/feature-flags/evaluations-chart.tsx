import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Suspense, useMemo, useState } from 'react';
import { useSession } from '../api/session';
import { lazyPart } from '../app/part';
import { useSearchParameters } from '../app/use-search';
import { curlOf, evaluationOf } from '../help/api-path';
import { Command } from '../help/command';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { EvaluationsTable } from './evaluations-table';
import type { Evaluations, Range } from './evaluations-query';
import { evaluationsQuery, isRange, RANGES, shownOf } from './evaluations-query';
import './evaluations-chart.css';

const EvaluationsPlot = lazyPart(() => import('./evaluations-plot'), 'EvaluationsPlot');

const HEIGHT = 300;
const LEGEND = 44;

/** How often each variant of a flag was given, over time. The address keeps of which time. */
export function EvaluationsChart({ slug }: { slug: string }): ReactNode {
  const { t } = useI18n();
  const [search, change] = useSearchParameters();
  const [isTable, setTable] = useState(false);
  const range: Range = isRange(search.range) ? search.range : 'day';
  const { data, error, isPlaceholderData, refetch } = useQuery(evaluationsQuery(slug, range));
  return (
    <div className="evaluations">
      <div className="evaluations-tools">
        <div className="ranges" role="group" aria-label={t('evaluations.range')}>
          {(Object.keys(RANGES) as Range[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === range}
              onClick={() => change({ range: one === 'day' ? undefined : one })}
            >
              {t(`evaluations.range.${one}`)}
            </button>
          ))}
        </div>
        {data !== undefined && data.total > 0 && (
          <Button small kind="quiet" onPress={() => setTable(!isTable)}>
            {t(isTable ? 'evaluations.asChart' : 'evaluations.asTable')}
          </Button>
        )}
      </div>
      {data?.counting === false && (
        <p className="evaluations-off" role="note">
          {t('evaluations.off')} <code>FLAG_EVALUATION_COUNTS=on</code>
        </p>
      )}
      {error !== null && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={1} height={HEIGHT + LEGEND} />}
      {data && (
        <div className={isPlaceholderData ? 'evaluations-stale' : undefined} aria-busy={isPlaceholderData}>
          <Shown slug={slug} evaluations={data} isTable={isTable} />
        </div>
      )}
    </div>
  );
}

interface ShownProps {
  readonly slug: string;
  readonly evaluations: Evaluations;
  readonly isTable: boolean;
}

function Shown({ slug, evaluations, isTable }: ShownProps): ReactNode {
  const { t } = useI18n();
  const shown = useMemo(() => shownOf(evaluations), [evaluations]);
  if (evaluations.total === 0) return <None slug={slug} isCounting={evaluations.counting} />;
  if (isTable) return <EvaluationsTable evaluations={evaluations} shown={shown} />;
  return (
    <figure aria-label={t('evaluations.figure', { count: evaluations.total })}>
      <Suspense fallback={<Skeleton lines={1} height={HEIGHT + LEGEND} />}>
        <EvaluationsPlot evaluations={evaluations} shown={shown} height={HEIGHT} />
      </Suspense>
    </figure>
  );
}

/** How to make some. */
function None({ slug, isCounting }: { slug: string; isCounting: boolean }): ReactNode {
  const { t } = useI18n();
  const { apiUrl } = useSession();
  return (
    <div className="evaluations-none">
      <strong>{t('evaluations.none')}</strong>
      {isCounting && (
        <>
          <p className="soft">{t('evaluations.none.text')}</p>
          <Command text={curlOf(evaluationOf(slug), apiUrl)} label={t('evaluations.none.copy')} />
        </>
      )}
    </div>
  );
}
