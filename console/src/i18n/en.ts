import { account } from './en/account';
import { accounts } from './en/accounts';
import { app } from './en/app';
import { customers } from './en/customers';
import { editors } from './en/editors';
import { flagInsight } from './en/flag-insight';
import { flags } from './en/flags';
import { home } from './en/home';
import { instances } from './en/instances';
import { kit } from './en/kit';
import { palette } from './en/palette';
import { signIn } from './en/sign-in';
import { tokens } from './en/tokens';

/** Every text that people read. `{name}` is filled in; what depends on a number is an object by plural category. */
export const en = {
  ...app,
  ...kit,
  ...signIn,
  ...home,
  ...account,
  ...accounts,
  ...tokens,
  ...customers,
  ...instances,
  ...flags,
  ...palette,
  ...editors,
  ...flagInsight,
} as const;

export type Entry = string | { readonly one: string; readonly other: string };

/** The same keys, in whichever language. */
export type Translated<T> = Readonly<Record<keyof T, Entry>>;

/** The same keys in every language. */
export type Messages = Translated<typeof en>;
