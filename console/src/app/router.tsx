import type { AnyRoute } from '@tanstack/react-router';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queryClient } from '../api/query-client';
import { sessionQuery } from '../api/session';
import { keepPlace } from '../sign-in/place';
import { SignInPage } from '../sign-in/sign-in-page';
import { Crash, Missing } from './fallbacks';
import { Layout } from './layout';
import { part } from './part';
import { parseSearch, stringifySearch } from './search';

const root = createRootRoute({ notFoundComponent: Missing, errorComponent: Crash });

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage });

/** Everything that needs a session. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Layout,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) return;
    keepPlace(location.href);
    // The router's own way to say so.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: '/sign-in' });
  },
});

const page = <T extends string>(path: T, load: () => Promise<object>, name: string) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    component: lazyRouteComponent(() => part(load) as never, name as never),
  });

/** A dialog: the page that it lies over has an `Outlet`. */
const below = <P extends AnyRoute, T extends string>(parent: P, path: T, load: () => Promise<object>, name: string) =>
  createRoute({
    getParentRoute: () => parent,
    path,
    component: lazyRouteComponent(() => part(load) as never, name as never),
  });

const accounts = page(
  '/integrations/service-accounts',
  () => import('../service-accounts/accounts-page'),
  'AccountsPage',
);
const account = page(
  '/integrations/service-accounts/$account',
  () => import('../service-accounts/account-page'),
  'AccountPage',
);
const allTokens = page('/integrations/tokens', () => import('../tokens/all-tokens-page'), 'AllTokensPage');
const accountDialogs = () => import('../service-accounts/account-dialogs');
const tokenDialogs = () => import('../tokens/token-dialogs');

const customers = page('/customers', () => import('../customers/customers-page'), 'CustomersPage');
const customer = page('/customers/$customer', () => import('../customers/customer-page'), 'CustomerPage');
const instances = page('/instances', () => import('../instances/instances-page'), 'InstancesPage');
const instance = page('/instances/$instance', () => import('../instances/instance-page'), 'InstancePage');

const flags = page('/feature-flags', () => import('../feature-flags/flags-page'), 'FlagsPage');
const flag = page('/feature-flags/$flag', () => import('../feature-flags/flag-page'), 'FlagPage');
const flagPages = () => import('../feature-flags/flag-pages');
const switchDialog = () => import('../feature-flags/switch-dialog');

const routes = [
  customers.addChildren([below(customers, 'new', () => import('../customers/new-customer'), 'NewCustomer')]),
  customer.addChildren([
    below(customer, 'edit', () => import('../customers/edit-customer'), 'EditCustomer'),
    below(customer, 'delete', () => import('../customers/delete-customer'), 'DeleteCustomer'),
  ]),
  instances.addChildren([below(instances, 'new', () => import('../instances/new-instance'), 'NewInstance')]),
  instance.addChildren([
    below(instance, 'edit', () => import('../instances/edit-instance'), 'EditInstance'),
    below(instance, 'stage', () => import('../instances/stage-dialog'), 'StageDialog'),
    below(instance, 'delete', () => import('../instances/delete-instance'), 'DeleteInstance'),
  ]),
  flags.addChildren([below(flags, 'switch/$flag', switchDialog, 'SwitchDialog')]),
  page('/feature-flags/new', () => import('../feature-flags/new-flag-page'), 'NewFlagPage'),
  flag.addChildren([
    below(flag, 'variants', flagPages, 'VariantsPage'),
    below(flag, 'targeting', flagPages, 'TargetingPage'),
    below(flag, 'settings', flagPages, 'SettingsPage'),
    below(flag, 'try', flagPages, 'TryPage'),
    below(flag, 'compare', () => import('../feature-flags/compare-page'), 'ComparePage'),
    below(flag, 'switch', switchDialog, 'SwitchDialog'),
    below(flag, 'delete', () => import('../feature-flags/delete-flag'), 'DeleteFlag'),
  ]),
  page('/', () => import('../home/home-page'), 'HomePage'),
  allTokens.addChildren([
    below(allTokens, '$account/$token/rotate', tokenDialogs, 'RotateTokenDialog'),
    below(allTokens, '$account/$token/revoke', tokenDialogs, 'RevokeTokenDialog'),
  ]),
  page('/integrations/service-accounts/$account/tokens/new', () => import('../tokens/new-token-page'), 'NewTokenPage'),
  accounts.addChildren([below(accounts, 'new', accountDialogs, 'NewAccountDialog')]),
  account.addChildren([
    below(account, 'rename', accountDialogs, 'RenameAccountDialog'),
    below(account, 'delete', accountDialogs, 'DeleteAccountDialog'),
    below(account, 'tokens/$token/rotate', tokenDialogs, 'RotateTokenDialog'),
    below(account, 'tokens/$token/revoke', tokenDialogs, 'RevokeTokenDialog'),
  ]),
  page('/account', () => import('../account/account-page'), 'AccountPage'),
  createRoute({ getParentRoute: () => inside, path: '$', component: Missing }),
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren(routes)]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: Crash,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
