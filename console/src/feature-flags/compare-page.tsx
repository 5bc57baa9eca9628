import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { isolated } from '../ui/name';
import { Card, Empty } from '../ui/page';
import { Time } from '../ui/time';
import { CompareRow } from './compare-row';
import type { Choices, Side } from './compare';
import { differences, resolved } from './compare';
import { draftOf, isSame } from './flag-draft';
import { useOpenFlag } from './flag-edit-context';
import { ProblemSummary } from './problem-summary';
import './compare.css';

/** At `/feature-flags/…/compare`: what somebody else has saved beside what one was about to save. */
export function ComparePage(): ReactNode {
  const { t, language } = useI18n();
  const navigate = useNavigate();
  const { reference, present, edit } = useOpenFlag();
  const { form, base, theirs, isSaving, rest, attempts } = edit;
  const { draft } = form;
  const saved = useMemo(() => draftOf(present.flag), [present.flag]);
  const found = useMemo(
    () => differences(t, language, { base, mine: draft, theirs: saved }),
    [t, language, base, draft, saved],
  );
  const [chosen, choose] = useState<Choices>({});
  const leave = (): void =>
    void navigate({ to: '/feature-flags/$flag', params: { flag: reference }, ignoreBlocker: true } as never);
  const usual = Object.fromEntries(
    found.flatMap(({ part, by }) => (by === 'both' ? [] : [[part, by === 'me' ? 'mine' : 'theirs'] as const])),
  );
  const choices: Choices = { ...usual, ...chosen };
  const open = found.filter(({ part }) => choices[part] === undefined).length;
  const all = (side: Side): void => choose(Object.fromEntries(found.map(({ part }) => [part, side])));
  // What could not be saved is there to be saved again.
  if (!theirs && !isSaving && !rest && form.problems.size === 0) {
    return (
      <Empty title={t('flags.compare.none')} action={<Button onPress={leave}>{t('action.back')}</Button>}>
        {t('flags.compare.none.text')}
      </Empty>
    );
  }
  const submit = (): void => {
    const next = resolved(draft, saved, choices);
    if (!isSame(next, saved)) return edit.resolve(next, present);
    edit.discard();
    return leave();
  };
  return (
    <Card title={t('form.changed', { name: isolated(present.flag.updatedBy.name) })}>
      <div className="stack">
        <p>
          {t('flags.compare.text')} <Time at={present.flag.updatedAt} />
        </p>
        <div className="row">
          <Button small onPress={() => all('theirs')}>
            {t('flags.compare.theirs')}
          </Button>
          <Button small onPress={() => all('mine')}>
            {t('flags.compare.mine')}
          </Button>
        </div>
        {found.map((difference) => (
          <CompareRow
            key={difference.part}
            difference={difference}
            choice={choices[difference.part]}
            onChoose={(side) => choose({ ...chosen, [difference.part]: side })}
          />
        ))}
        <ProblemSummary
          draft={draft}
          problems={form.problems}
          rest={rest}
          attempt={attempts}
          onGo={() => void navigate({ to: '/feature-flags/$flag/targeting', params: { flag: reference } } as never)}
        />
        <div className="row">
          <Button
            kind="primary"
            isPending={isSaving}
            disabledBecause={form.refusal ?? (open > 0 ? t('flags.compare.open.count', { count: open }) : undefined)}
            onPress={submit}
          >
            {t('flags.compare.save')}
          </Button>
          <Button kind="quiet" onPress={leave}>
            {t('action.back')}
          </Button>
        </div>
      </div>
    </Card>
  );
}
