import type { ReactNode } from 'react';
import { useState } from 'react';
import { useAction } from '../api/use-action';
import { FactsText, useFactsText } from '../feature-flags/explained-facts';
import type { Rehearsal } from '../feature-flags/insight-api';
import { testRule } from '../feature-flags/insight-api';
import { SubjectField } from '../feature-flags/subject-field';
import { useTriedContext } from '../feature-flags/tried-context';
import { useI18n } from '../i18n/i18n';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ProblemNote } from '../ui/problem';
import { checkJson } from './json-check';
import { JsonEditor } from './json-editor';
import './rule-test.css';

interface Tested {
  readonly rule: string;
  readonly context: string;
  readonly outcome: Rehearsal;
}

/** A rule that is nowhere yet, run for somebody. */
export function RuleTest({ rule }: { rule: string }): ReactNode {
  const { t } = useI18n();
  const [context, setContext] = useTriedContext();
  const [tested, setTested] = useState<Tested>();
  const checked = checkJson(context);
  const { run, isPending, error } = useAction(
    async (): Promise<Tested> => {
      if ('fault' in checked) throw new TypeError('It is no JSON');
      return { rule, context, outcome: await testRule(rule, checked.value) };
    },
    (next) => setTested(next),
  );
  const isOld = tested !== undefined && (tested.rule !== rule || tested.context !== context);
  return (
    <div className="rule-test">
      <JsonEditor minLines={3} label={t('tryIt.context')} value={context} onChange={setContext} />
      <SubjectField context={context} onChange={setContext} />
      <div className="row">
        <Button isPending={isPending} isDisabled={'fault' in checked || rule.trim() === ''} onPress={() => void run()}>
          {t('rule.test.run')}
        </Button>
        <span role="status">{tested && !isOld && <Outcome outcome={tested.outcome} />}</span>
      </div>
      {tested && !isOld && <Known outcome={tested.outcome} />}
      {error !== undefined && <ProblemNote error={error} />}
    </div>
  );
}

function Outcome({ outcome }: { outcome: Rehearsal }): ReactNode {
  const { t } = useI18n();
  if (!outcome.valid) return <Badge kind="bad">{t('rule.test.invalid')}</Badge>;
  if (outcome.evaluationError !== undefined) {
    return (
      <>
        <Badge kind="bad">{t('rule.test.failed')}</Badge> <span dir="auto">{outcome.evaluationError}</span>
      </>
    );
  }
  return outcome.matched ? (
    <Badge kind="good">{t('rule.test.matched')}</Badge>
  ) : (
    <Badge>{t('rule.test.notMatched')}</Badge>
  );
}

function Known({ outcome }: { outcome: Rehearsal }): ReactNode {
  const text = useFactsText(outcome);
  return (
    <div>
      <p className="soft small">{text}</p>
      {!outcome.factsRedacted && <FactsText facts={outcome.facts} />}
    </div>
  );
}
