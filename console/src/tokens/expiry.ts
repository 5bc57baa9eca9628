import type { Schemas } from '../api/client';

export type Policy = Schemas['TokenPolicy'];

/** Days, a day of the calendar, or never. */
export type Expiry =
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'never' };

const DAY = 86_400_000;
/** So that a clock that is a little ahead asks for no longer a life than the policy allows. */
const MARGIN = 60_000;

const OFFERED = [30, 90, 365] as const;

/** What is offered: the usual, and the policy's longest where that is less than any of them. */
export function offeredDays({ longestLifetimeDays: longest }: Policy): readonly number[] {
  return longest !== undefined && longest < OFFERED[0] ? [longest, ...OFFERED] : OFFERED;
}

export const mayLast = ({ longestLifetimeDays: longest }: Policy, days: number): boolean =>
  longest === undefined || days <= longest;

export const mayLastForEver = ({ longestLifetimeDays, expiryRequired }: Policy): boolean =>
  !expiryRequired && longestLifetimeDays === undefined;

/** 90 days, or as near to it as the policy allows. */
export function usualExpiry(policy: Policy): Expiry {
  const days = offeredDays(policy).filter((offered) => offered <= 90 && mayLast(policy, offered));
  return { kind: 'days', days: Math.max(...days) };
}

/** @returns undefined for never, and for a day that is not chosen yet. A chosen day is over when it ends where the reader is. */
export function endOf(expiry: Expiry, policy: Policy, now = Date.now()): Date | undefined {
  if (expiry.kind === 'days') {
    const margin = expiry.days === policy.longestLifetimeDays ? MARGIN : 0;
    return new Date(now + expiry.days * DAY - margin);
  }
  if (expiry.kind === 'never' || !/^\d{4}-\d\d-\d\d$/.test(expiry.date)) return undefined;
  const end = new Date(`${expiry.date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}

/** A number of days, a date, or `never`, as a draft keeps it. */
export function textOf(expiry: Expiry): string {
  if (expiry.kind === 'days') return String(expiry.days);
  return expiry.kind === 'date' ? `date:${expiry.date}` : 'never';
}

export function expiryIn(text: string): Expiry {
  if (text.startsWith('date:')) return { kind: 'date', date: text.slice('date:'.length) };
  return text === 'never' ? { kind: 'never' } : { kind: 'days', days: Number(text) };
}

export type ExpiryProblem = 'missing' | 'past' | 'tooLong';

export function problemOf(expiry: Expiry, policy: Policy, now = Date.now()): ExpiryProblem | undefined {
  if (expiry.kind !== 'date') return undefined;
  const end = endOf(expiry, policy, now);
  if (!end) return 'missing';
  if (end.getTime() <= now) return 'past';
  return mayLast(policy, (end.getTime() - now) / DAY) ? undefined : 'tooLong';
}

/** As a date field has it, in the reader's zone. */
export function dayAfter(days: number, now = Date.now()): string {
  const date = new Date(now + days * DAY);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
