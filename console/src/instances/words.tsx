import type { ReactNode } from 'react';
import type { Translate } from '../i18n/i18n';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Name, visibleName } from '../ui/name';
import type { Instance } from './instances-api';
import { isKnownStage } from './instances-api';
import type { Status } from './statuses';

const KINDS = { HEALTHY: 'good', DEGRADED: 'warn', INCIDENT: 'bad', MAINTENANCE: 'accent' } as const satisfies Record<
  Status,
  string
>;

export function StatusBadge({ status }: { status: Status | undefined }): ReactNode {
  const { t } = useI18n();
  return status ? (
    <Badge kind={KINDS[status]}>{t(`instances.status.${status}`)}</Badge>
  ) : (
    <span className="soft">—</span>
  );
}

/** A stage of the API's in the reader's language; others are the organization's own words. */
export const stageText = (t: Translate, stage: string | undefined): string =>
  stage === undefined
    ? t('instances.stage.none')
    : isKnownStage(stage)
      ? t(`instances.stage.${stage}`)
      : visibleName(stage);

export function Stage({ of: { lifecycleStage: stage } }: { of: Pick<Instance, 'lifecycleStage'> }): ReactNode {
  const { t } = useI18n();
  return stage === undefined ? <span className="soft">—</span> : <Name text={stageText(t, stage)} lines={2} />;
}
