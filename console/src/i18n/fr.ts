import type { Messages } from './en';
import { account } from './fr/account';
import { accounts } from './fr/accounts';
import { app } from './fr/app';
import { customers } from './fr/customers';
import { editors } from './fr/editors';
import { flagInsight } from './fr/flag-insight';
import { flags } from './fr/flags';
import { home } from './fr/home';
import { instances } from './fr/instances';
import { kit } from './fr/kit';
import { palette } from './fr/palette';
import { signIn } from './fr/sign-in';
import { tokens } from './fr/tokens';

export const fr: Messages = {
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
};
