import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Suspense } from 'react';
import { ApiError } from '../api/client';
import { useRefusal } from '../api/use-refusal';
import { Missing } from '../app/fallbacks';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { isolated, visibleName } from '../ui/name';
import { Page } from '../ui/page';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { showToast } from '../ui/toast';
import { Trail } from '../ui/trail';
import { OpenFlagContext } from './flag-edit-context';
import { FlagOverview } from './flag-overview';
import type { Place } from './flag-places';
import { pageOf } from './flag-places';
import { FlagSwitch } from './flag-switch';
import { FlagTabs, isTab } from './flag-tabs';
import type { Tagged } from './flags-api';
import { flagQuery } from './flags-api';
import { LeaveGuard } from './leave-guard';
import { focusPlace } from './place';
import { SaveBar } from './save-bar';
import { useFlagEdit } from './use-flag-edit';
import './flag-form.css';

/** At `/feature-flags/…`, by slug or id, with a page for each part of it below. */
export function FlagPage(): ReactNode {
  const { t } = useI18n();
  const { flag: reference } = useParams({ strict: false }) as { flag: string };
  const { data, error, refetch } = useQuery(flagQuery(reference));
  if (error instanceof ApiError && error.status === 404) return <Missing />;
  if (!data) {
    return (
      <Page title={t('nav.flags')} above={<Trail to="/feature-flags" text={t('nav.flags')} />}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Skeleton lines={10} />}
      </Page>
    );
  }
  return <Shown key={data.flag.id} present={data} reference={reference} />;
}

function Shown({ present, reference }: { present: Tagged; reference: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const refusal = useRefusal('write:feature_flags');
  const { pathname } = useRouterState({ select: ({ location }) => location });
  const { flag } = present;
  const tab = pathname.split('/')[3] ?? '';
  const to = async (page: string, search: object = {}, address = reference): Promise<void> => {
    const path = page === '' ? '/feature-flags/$flag' : `/feature-flags/$flag/${page}`;
    await navigate({ to: path, params: { flag: address }, search, ignoreBlocker: true } as never);
  };
  const edit = useFlagEdit(reference, present, {
    onSaved: async (saved, name) => {
      if (saved !== reference || tab === 'compare') await to(tab === 'compare' ? '' : tab, {}, saved);
      showToast({ text: t('customers.saved.toast', { name: isolated(name, flag.slug) }) });
    },
    onChanged: () => void to('compare'),
  });
  const go = async (place: Place): Promise<void> => {
    const [list, key] = place.split('/');
    const targetings = edit.form.draft.targetings;
    const index = list === 'targetings' ? targetings.findIndex((targeting) => targeting.key === key) : -1;
    await to(pageOf(place), index >= 0 ? { at: String(index + 1) } : {});
    focusPlace(place);
  };
  return (
    <Page
      title={visibleName(flag.name, flag.slug)}
      above={<Trail to="/feature-flags" text={t('nav.flags')} />}
      intro={
        <span className="row">
          <span className="mono">{flag.slug}</span>
          <Badge>{t(`flags.type.${flag.type}`)}</Badge>
        </span>
      }
      actions={
        <>
          <FlagSwitch withText flag={flag} onAsk={() => void to('switch')} />
          <Button kind="danger" disabledBecause={refusal} onPress={() => void to('delete')}>
            {t('action.delete')}
          </Button>
        </>
      }
    >
      <FlagTabs reference={reference} problems={edit.problems} />
      <OpenFlagContext value={{ reference, present, edit }}>
        {!isTab(tab) && <FlagOverview />}
        <Suspense fallback={isTab(tab) ? <Skeleton lines={8} /> : null}>
          <Outlet />
        </Suspense>
        {tab !== 'compare' && (
          <SaveBar edit={edit} onGo={(place) => void go(place)} onCompare={() => void to('compare')} />
        )}
      </OpenFlagContext>
      <LeaveGuard
        isDirty={edit.isDirty}
        within={`/feature-flags/${encodeURIComponent(reference)}`}
        onDiscard={edit.discard}
      />
    </Page>
  );
}
