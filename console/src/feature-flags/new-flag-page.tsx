import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import { useSearchParameters } from '../app/use-search';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { isolated } from '../ui/name';
import { Card, Page } from '../ui/page';
import { showToast } from '../ui/toast';
import { Trail } from '../ui/trail';
import { BasicsFields, MoreFields } from './basics-fields';
import type { FlagDraft } from './flag-draft';
import { isSame, writtenOf } from './flag-draft';
import type { Place } from './flag-places';
import { createFlag, referenceOf } from './flags-api';
import { LeaveGuard } from './leave-guard';
import { focusPlace } from './place';
import { ProblemSummary } from './problem-summary';
import { StrategyFields } from './strategy-fields';
import { TargetingsFields } from './targetings-fields';
import type { FlagForm } from './use-flag-form';
import { useFlagProblems } from './use-flag-form';
import { useKeptDraft } from './use-kept-draft';
import { newFlag } from './variant-defaults';
import { VariantsFields } from './variants-fields';
import './flag-form.css';

/** At `/feature-flags/new`: one page, since each part needs a look at the others. */
export function NewFlagPage(): ReactNode {
  const { t } = useI18n();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [, setSearch] = useSearchParameters();
  const refusal = useRefusal('write:feature_flags');
  const begun = useMemo(newFlag, []);
  const [kept, keep] = useKeptDraft<FlagDraft>('new-flag-1');
  const draft = kept ?? begun;
  const { problems, attempt, refuse } = useFlagProblems(draft);
  const [attempts, setAttempts] = useState(0);
  const [rest, setRest] = useState<unknown>();
  const isDirty = kept !== undefined && !isSame(kept, begun);
  const form: FlagForm = {
    draft,
    change: (change) => keep(change(draft)),
    problemAt: (place) => problems.get(place),
    problems,
    refusal,
    isNew: true,
  };
  const create = useMutation({
    mutationFn: (sent: FlagDraft) => createFlag(writtenOf(sent)),
    onError: (error, sent) => {
      setRest(refuse(error, sent));
      setAttempts((count) => count + 1);
    },
    onSuccess: async (flag) => {
      keep(undefined);
      void queries.invalidateQueries({ queryKey: ['flags', 'list'] });
      const params = { flag: referenceOf(flag) };
      await navigate({ to: '/feature-flags/$flag', params, replace: true, ignoreBlocker: true } as never);
      showToast({ text: t('customers.created.toast', { name: isolated(flag.name, flag.slug) }) });
    },
  });
  const submit = (): void => {
    setRest(undefined);
    if (attempt()) create.mutate(draft);
    else setAttempts((count) => count + 1);
  };
  const go = (place: Place): void => {
    const [list, key] = place.split('/');
    const index = list === 'targetings' ? draft.targetings.findIndex((targeting) => targeting.key === key) : -1;
    if (index >= 0) setSearch({ at: String(index + 1) });
    focusPlace(place);
  };
  return (
    <Page
      title={t('flags.new')}
      intro={t('flags.new.text')}
      above={<Trail to="/feature-flags" text={t('nav.flags')} />}
    >
      <form
        className="flag-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending && refusal === undefined) submit();
        }}
      >
        <Card title={t('flags.basics')}>
          <div className="stack">
            <BasicsFields form={form} />
            <details className="flag-more">
              <summary>{t('flags.more')}</summary>
              <div className="stack">
                <MoreFields form={form} />
              </div>
            </details>
          </div>
        </Card>
        <Card title={t('flags.variants')}>
          <p className="soft small flag-card-text">{t('flags.variants.text')}</p>
          <VariantsFields form={form} />
        </Card>
        <Card title={t('flags.default')}>
          <p className="soft small flag-card-text">{t('flags.default.text')}</p>
          <StrategyFields
            form={form}
            at="default"
            strategy={draft.fallback}
            onChange={(fields) => keep({ ...draft, fallback: { ...draft.fallback, ...fields } })}
          />
        </Card>
        <Card title={t('flags.targetings')}>
          <TargetingsFields form={form} />
        </Card>
        <ProblemSummary draft={draft} problems={problems} rest={rest} attempt={attempts} onGo={go} />
        <div className="row flag-submit">
          <label className="flag-check">
            <input
              type="checkbox"
              checked={draft.enabled}
              disabled={refusal !== undefined}
              onChange={(event) => keep({ ...draft, enabled: event.target.checked })}
            />
            {t('flags.new.enabled')}
          </label>
          <Button
            kind="quiet"
            onPress={() => {
              keep(undefined);
              void navigate({ to: '/feature-flags', ignoreBlocker: true });
            }}
          >
            {t('action.cancel')}
          </Button>
          <Button kind="primary" type="submit" disabledBecause={refusal} isPending={create.isPending}>
            {t('flags.new.submit')}
          </Button>
        </div>
      </form>
      <LeaveGuard isDirty={isDirty} within="/feature-flags/new" onDiscard={() => keep(undefined)} />
    </Page>
  );
}
