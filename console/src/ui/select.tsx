import type { ReactNode } from 'react';
import { useId } from 'react';
import { Icon } from './icon';
import './field.css';
import './select.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly text: string;
  readonly isDisabled?: boolean;
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Beside the choice instead of above it. */
  readonly inline?: boolean;
  /** For screen readers only: the choice says enough to others. */
  readonly hideLabel?: boolean;
  readonly help?: ReactNode;
  readonly isDisabled?: boolean;
  /** What is wrong with the choice. */
  readonly problem?: string;
}

/** One of a few. The browser's own: it knows phones, keyboards and screen readers best. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { label, choices, value, onChange, inline, hideLabel, help, isDisabled, problem } = props;
  const id = useId();
  return (
    <div className={`select-field${inline ? ' select-inline' : ''}`}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : inline ? 'soft small' : 'label'}>
        {label}
      </label>
      <span className="select">
        <select
          id={id}
          value={value}
          disabled={isDisabled}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={[help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} disabled={choice.isDisabled}>
              {choice.text}
            </option>
          ))}
        </select>
        <Icon name="chevron" size={14} />
      </span>
      {help && (
        <span id={`${id}-help`} className="soft small">
          {help}
        </span>
      )}
      {problem && (
        <span id={`${id}-problem`} className="field-error small">
          {problem}
        </span>
      )}
    </div>
  );
}
