import type { ReactNode } from 'react';
import { useId } from 'react';
import type { TooltipContentProps } from 'recharts';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useI18n } from '../i18n/i18n';
import { Name } from '../ui/name';
import { ChartFill } from './chart-fill';
import type { Evaluations, Shown } from './evaluations-query';
import { nameOf, stepsOf } from './evaluations-words';

interface EvaluationsPlotProps {
  readonly evaluations: Evaluations;
  readonly shown: readonly Shown[];
  readonly height: number;
}

const TICK = { fill: 'var(--text-soft)', fontSize: 12 };

/** A bar for each step, cut by variant. */
export function EvaluationsPlot({ evaluations, shown, height }: EvaluationsPlotProps): ReactNode {
  const { t, language } = useI18n();
  const id = useId().replace(/\W/g, '');
  const steps = stepsOf(evaluations, language);
  const rows = steps.map(({ short, full }, i) => ({ short, full, i }));
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  return (
    <>
      <svg width="0" height="0" className="chart-fills" aria-hidden="true">
        <defs>
          {shown.map((one, i) => (
            <ChartFill key={one.key} id={`${id}-${i}`} shown={one} index={i} />
          ))}
        </defs>
      </svg>
      <ul className="chart-legend">
        {shown.map((one, i) => (
          <li key={one.key}>
            <svg width="14" height="14" aria-hidden="true">
              <rect width="14" height="14" rx="3" fill={`url(#${id}-${i})`} />
            </svg>
            <Name text={nameOf(t, one)} />
            <strong>{one.total.toLocaleString(language)}</strong>
          </li>
        ))}
      </ul>
      <div className="chart" style={{ height }}>
        <ResponsiveContainer width="100%" height={height}>
          <BarChart
            data={rows}
            margin={{ top: 8, right: 14, bottom: 0, left: 0 }}
            aria-label={t('evaluations.chart')}
            barCategoryGap="18%"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="i"
              tickFormatter={(i: number) => steps[i]?.short ?? ''}
              tickLine={false}
              tick={TICK}
              minTickGap={24}
            />
            <YAxis
              allowDecimals={false}
              axisLine={false}
              tickLine={false}
              tick={TICK}
              width={44}
              tickCount={6}
              tickFormatter={(count: number) => compact.format(count)}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--surface-sunken)' }}
              content={(props) => <Tip {...props} shown={shown} title={(i) => steps[i]?.full ?? ''} fill={id} />}
            />
            {shown.map(({ key, counts }, i) => (
              <Bar
                key={key}
                dataKey={({ i: step }: { i: number }) => counts[step] ?? 0}
                stackId="all"
                fill={`url(#${id}-${i})`}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}

interface TipProps extends TooltipContentProps {
  readonly shown: readonly Shown[];
  readonly title: (step: number) => string;
  readonly fill: string;
}

/** What a bar says when one points at it, or walks along the bars with the arrow keys. */
function Tip({ active, label, shown, title, fill }: TipProps): ReactNode {
  const { t, language } = useI18n();
  if (!active || label === undefined) return null;
  const step = Number(label);
  return (
    <div className="chart-tip small">
      <strong>{title(step)}</strong>
      <ul>
        {shown.map((one, i) => (
          <li key={one.key}>
            <svg width="12" height="12" aria-hidden="true">
              <rect width="12" height="12" rx="2" fill={`url(#${fill}-${i})`} />
            </svg>
            <Name text={nameOf(t, one)} />
            <span className="chart-tip-count">{(one.counts[step] ?? 0).toLocaleString(language)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
