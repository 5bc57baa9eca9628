import type { ReactNode } from 'react';
import { Suspense, useState } from 'react';
import { useRefusal } from '../api/use-refusal';
import { lazyPart } from '../app/part';
import { useI18n } from '../i18n/i18n';
import { Button } from '../ui/button';
import { Skeleton } from '../ui/skeleton';
import { CodeField } from './code-field';
import { LONGEST_RULE, placeOf, useRuleLint } from './rule-checks';

export interface RuleEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly errorMessage?: string;
}

const RuleView = lazyPart(() => import('./rule-view'), 'RuleView');

const RuleTest = lazyPart(() => import('./rule-test'), 'RuleTest');

/** A targeting rule in CEL: completed, and checked by the server while one types. */
export function RuleEditor({ label, value, onChange, isReadOnly, errorMessage }: RuleEditorProps): ReactNode {
  const { t } = useI18n();
  const refusal = useRefusal('write:feature_flags');
  const lint = useRuleLint(value, !isReadOnly && refusal === undefined);
  const [fault] = lint.faults;
  const isLong = value.length > LONGEST_RULE;
  const faults = isLong ? [{ from: LONGEST_RULE, to: value.length, message: t('rule.long') }] : lint.faults;
  const place = fault && placeOf(value, fault.from);
  const [isTesting, setTesting] = useState(false);
  return (
    <div className="stack">
      <CodeField
        label={label}
        value={value}
        onChange={onChange}
        isReadOnly={isReadOnly}
        errorMessage={errorMessage}
        faults={faults}
        faultText={
          isLong
            ? t('rule.long')
            : place &&
              t(lint.faults.length > 1 ? 'rule.wheres' : 'rule.where', {
                ...place,
                message: fault.message,
                count: lint.faults.length,
              })
        }
        status={statusOf()}
        keys="rule.keys"
        minLines={3}
        editor={RuleView}
        actions={
          !isReadOnly && (
            <Button small disabledBecause={refusal} aria-expanded={isTesting} onPress={() => setTesting(!isTesting)}>
              {t(isTesting ? 'rule.test.close' : 'rule.test')}
            </Button>
          )
        }
      />
      {isTesting && (
        <Suspense fallback={<Skeleton lines={1} height={260} />}>
          <RuleTest rule={value} />
        </Suspense>
      )}
    </div>
  );

  function statusOf(): string {
    if (isReadOnly) return t('rule.readOnly');
    if (refusal) return refusal;
    if (value.trim() === '') return t('rule.empty');
    if (lint.error) return t('rule.unchecked');
    return lint.isValid && !lint.isChecking ? t('rule.valid') : t('rule.checking');
  }
}
