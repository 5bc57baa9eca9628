import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import { FeatureFlagsService } from '../feature-flags/feature-flags.service.js';
import type { CountedReason } from './counted-evaluation.js';
import { COUNTED_REASONS } from './counted-evaluation.js';
import type { FlagEvaluationsDto, FlagEvaluationSeriesDto } from './dto/flag-evaluations.dto.js';
import type { WantedWindow } from './evaluation-window.js';
import { evaluationWindow } from './evaluation-window.js';

/** What was counted of a variant and reason in one step. Counts are numbers: a sum is exact up to 2^53. */
interface Row {
  readonly variantId: string;
  readonly reason: CountedReason;
  /** The last one in the step. */
  readonly variantName: string;
  /** Index of the step. */
  readonly step: number;
  readonly count: number;
}

const COUNTS = prepared(
  `SELECT variant_id AS "variantId", reason, (array_agg(variant_name ORDER BY started_at DESC))[1] AS "variantName",
     floor(extract(epoch FROM started_at - $2::timestamptz) / $4::int)::int AS step, sum(count)::float8 AS count
   FROM flag_evaluations WHERE flag_id = $1 AND started_at >= $2 AND started_at < $3::timestamptz
   GROUP BY variant_id, reason, step ORDER BY step`,
);

/** Shows what `EvaluationCounts` has written. */
@Injectable()
export class FlagEvaluationsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flags: FeatureFlagsService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * @param reference slug or id of a flag.
   * @throws Problem 404, 422 for a time of which there are no counts, or too many steps.
   */
  async count(reference: string, wanted: WantedWindow): Promise<FlagEvaluationsDto> {
    const { id, variants, variantOrder } = await this.flags.get(reference);
    const { from, to, step, steps } = evaluationWindow(wanted, new Date());
    const rows = await this.dataSource.query<Row[]>(COUNTS, [id, from, to, step]);
    const present = new Map(variants.map((variant) => [variant.id, variant.name]));
    const series = seriesOf(rows, steps, present);
    series.sort(byVariant(variantOrder));
    const total = series.reduce((sum, one) => sum + one.total, 0);
    return { from, to, step, total, counting: this.env.flagEvaluationCounts, series };
  }
}

/** @param rows in the order of time. @param present names of the flag's variants by id. */
function seriesOf(
  rows: readonly Row[],
  steps: number,
  present: ReadonlyMap<string, string>,
): FlagEvaluationSeriesDto[] {
  const all = new Map<string, FlagEvaluationSeriesDto>();
  for (const { variantId, reason, variantName, step, count } of rows) {
    const key = `${reason} ${variantId}`;
    let series = all.get(key);
    if (!series) {
      series = { variantId: variantId || undefined, reason, total: 0, counts: new Array<number>(steps).fill(0) };
      all.set(key, series);
    }
    if (variantId !== '') series.variant = present.get(variantId) ?? variantName;
    series.total += count;
    series.counts[step] = count;
  }
  return [...all.values()];
}

/** Variants as they are shown, then those that are gone by name, then what failed; each by reason. */
function byVariant(order: readonly string[]): (a: FlagEvaluationSeriesDto, b: FlagEvaluationSeriesDto) => number {
  const rank = ({ variantId }: FlagEvaluationSeriesDto): number => {
    if (variantId === undefined) return order.length + 1;
    const index = order.indexOf(variantId);
    return index < 0 ? order.length : index;
  };
  const text = ({ variant = '', variantId = '' }: FlagEvaluationSeriesDto): string => `${variant} ${variantId}`;
  return (a, b) =>
    rank(a) - rank(b) ||
    (text(a) < text(b) ? -1 : Number(text(a) > text(b))) ||
    COUNTED_REASONS.indexOf(a.reason) - COUNTED_REASONS.indexOf(b.reason);
}
