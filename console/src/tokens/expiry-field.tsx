import type { ReactNode } from 'react';
import { useId } from 'react';
import { useI18n } from '../i18n/i18n';
import { Time } from '../ui/time';
import type { Expiry, Policy } from './expiry';
import { dayAfter, endOf, mayLast, mayLastForEver, offeredDays } from './expiry';
import './expiry-field.css';

interface ExpiryFieldProps {
  readonly expiry: Expiry;
  readonly policy: Policy;
  readonly onChange: (expiry: Expiry) => void;
  readonly problem?: string;
}

export function ExpiryField({ expiry, policy, onChange, problem }: ExpiryFieldProps): ReactNode {
  const { t } = useI18n();
  const id = useId();
  const { longestLifetimeDays: longest } = policy;
  const end = endOf(expiry, policy);
  const tooLong = longest === undefined ? undefined : t('policy.tooLong', { count: longest });
  const refusedForEver = tooLong ?? t('policy.mustExpire');
  return (
    <fieldset className="expiry" aria-describedby={`${id}-end ${id}-problem`}>
      <legend className="label">{t('newToken.expiry')}</legend>
      <div className="expiry-choices">
        {offeredDays(policy).map((days) => (
          <Choice
            key={days}
            isChosen={expiry.kind === 'days' && expiry.days === days}
            refusal={mayLast(policy, days) ? undefined : tooLong}
            onChoose={() => onChange({ kind: 'days', days })}
          >
            {t('newToken.days', { count: days })}
          </Choice>
        ))}
        <Choice
          isChosen={expiry.kind === 'date'}
          onChoose={() => onChange({ kind: 'date', date: dayAfter(Math.min(longest ?? 30, 30)) })}
        >
          {t('newToken.date')}
        </Choice>
        <Choice
          isChosen={expiry.kind === 'never'}
          refusal={mayLastForEver(policy) ? undefined : refusedForEver}
          onChoose={() => onChange({ kind: 'never' })}
        >
          {t('newToken.never')}
        </Choice>
      </div>
      {expiry.kind === 'date' && (
        <input
          type="date"
          className="input expiry-date"
          aria-label={t('newToken.date.label')}
          aria-invalid={problem !== undefined}
          value={expiry.date}
          min={dayAfter(0)}
          max={longest === undefined ? undefined : dayAfter(longest)}
          onChange={(event) => onChange({ kind: 'date', date: event.target.value })}
        />
      )}
      <p id={`${id}-end`} className="soft small">
        {end && !problem && (
          <>
            {t('newToken.ends')} <Time at={end.toISOString()} exact />
          </>
        )}
        {expiry.kind === 'never' && t('newToken.never.help')}
      </p>
      <p id={`${id}-problem`} className="field-error small" role="alert">
        {problem}
      </p>
    </fieldset>
  );
}

interface ChoiceProps {
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly refusal?: string;
  readonly children: ReactNode;
}

function Choice({ isChosen, onChoose, refusal, children }: ChoiceProps): ReactNode {
  return (
    <label className="expiry-choice" data-tip={refusal}>
      <input type="radio" name="expiry" checked={isChosen} disabled={refusal !== undefined} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
