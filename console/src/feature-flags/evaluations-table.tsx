import type { ReactNode } from 'react';
import { useI18n } from '../i18n/i18n';
import { Name } from '../ui/name';
import type { Evaluations, Shown } from './evaluations-query';
import { nameOf, stepsOf } from './evaluations-words';

/** The chart's numbers, newest first. */
export function EvaluationsTable({
  evaluations,
  shown,
}: {
  evaluations: Evaluations;
  shown: readonly Shown[];
}): ReactNode {
  const { t, language } = useI18n();
  const steps = stepsOf(evaluations, language);
  const rows = steps.map((step, i) => ({ ...step, i })).reverse();
  return (
    <div className="evaluations-table" role="region" aria-label={t('evaluations.table')} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{t('evaluations.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t(evaluations.step >= 86_400 ? 'evaluations.day' : 'evaluations.from')}</th>
            {shown.map((one) => (
              <th key={one.key} scope="col" className="cell-end">
                <Name text={nameOf(t, one)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ full, i }) => (
            <tr key={i}>
              <th scope="row">{full}</th>
              {shown.map(({ key, counts }) => (
                <td key={key} className="cell-end">
                  {(counts[i] ?? 0).toLocaleString(language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('evaluations.total')}</th>
            {shown.map(({ key, total }) => (
              <td key={key} className="cell-end">
                {total.toLocaleString(language)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
