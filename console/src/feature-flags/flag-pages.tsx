import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { lazyPart } from '../app/part';
import { useI18n } from '../i18n/i18n';
import { Card } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { BasicsFields, MoreFields } from './basics-fields';
import { useOpenFlag } from './flag-edit-context';
import { StrategyFields } from './strategy-fields';
import { TargetingsFields } from './targetings-fields';
import { VariantsFields } from './variants-fields';

const TryIt = lazyPart(() => import('./try-it'), 'TryIt');

/** At `/feature-flags/…/variants`. */
export function VariantsPage(): ReactNode {
  const { t } = useI18n();
  const { form } = useOpenFlag().edit;
  return (
    <Card title={t('flags.variants')}>
      <p className="soft small flag-card-text">{t('flags.variants.rename')}</p>
      <VariantsFields form={form} />
    </Card>
  );
}

/** At `/feature-flags/…/targeting?at=`. */
export function TargetingPage(): ReactNode {
  const { t } = useI18n();
  const { form } = useOpenFlag().edit;
  return (
    <>
      <Card title={t('flags.targetings')}>
        <TargetingsFields form={form} />
      </Card>
      <Card title={t('flags.default')}>
        <p className="soft small flag-card-text">{t('flags.default.text')}</p>
        <StrategyFields
          form={form}
          at="default"
          strategy={form.draft.fallback}
          onChange={(fields) => form.change((now) => ({ ...now, fallback: { ...now.fallback, ...fields } }))}
        />
      </Card>
    </>
  );
}

/** At `/feature-flags/…/settings`. */
export function SettingsPage(): ReactNode {
  const { t } = useI18n();
  const { form } = useOpenFlag().edit;
  return (
    <Card title={t('flags.basics')}>
      <div className="stack">
        <BasicsFields form={form} />
        <MoreFields form={form} />
      </div>
    </Card>
  );
}

/** At `/feature-flags/…/try`. */
export function TryPage(): ReactNode {
  const { t } = useI18n();
  const { edit, present } = useOpenFlag();
  return (
    <Card title={t('flags.tab.try')}>
      {edit.isDirty && <p className="flag-note small">{t('flags.try.unsaved')}</p>}
      <Suspense fallback={<Skeleton lines={6} />}>
        <TryIt slug={present.flag.slug} />
      </Suspense>
    </Card>
  );
}
