import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queryClient } from '../api/query-client';
import { sessionQuery } from '../api/session';
import { SignInPage } from '../sign-in/sign-in-page';
import { Crash, Missing } from './fallbacks';
import { Layout } from './layout';
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
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } as never });
  },
});

const page = <T extends string>(path: T, load: () => Promise<object>, name: string) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load as never, name as never) });

const routes = [
  page('/', () => import('../home/home-page'), 'HomePage'),
  page('/integrations/service-accounts', () => import('../service-accounts/accounts-page'), 'AccountsPage'),
  page('/account', () => import('../account/account-page'), 'AccountPage'),
];

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren(routes)]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
