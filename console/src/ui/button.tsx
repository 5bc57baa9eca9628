import type { ReactNode } from 'react';
import type { ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Button as AriaButton } from 'react-aria-components';
import { Tip } from './tip';
import './button.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'isDisabled'> {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly small?: boolean;
  readonly isDisabled?: boolean;
  /** Why it cannot be used now. It stays in the tab order then, and says so. */
  readonly disabledBecause?: string;
  readonly children: ReactNode;
}

export function Button({
  kind = 'plain',
  small,
  disabledBecause,
  isPending,
  type,
  children,
  onPress,
  ...props
}: ButtonProps): ReactNode {
  const className = `button button-${kind}${small ? ' button-small' : ''}`;
  if (disabledBecause === undefined) {
    // The library's own way announces the button by its id, which is nothing once it is gone with what it was in.
    return (
      <AriaButton
        {...props}
        type={isPending ? 'button' : type}
        aria-disabled={isPending || undefined}
        onPress={isPending ? undefined : onPress}
        className={className}
      >
        {children}
      </AriaButton>
    );
  }
  return (
    <Tip text={disabledBecause}>
      <AriaButton {...props} type="button" aria-disabled="true" className={`${className} button-refused`}>
        {children}
      </AriaButton>
    </Tip>
  );
}
