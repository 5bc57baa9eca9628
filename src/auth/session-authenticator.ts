import type { IncomingMessage } from 'node:http';
import type { PersonPrincipal } from './principal.js';

/** Finds out who is signed in. `auth/` asks it and `sessions/` is it, so that the former need not know the latter. */
export abstract class SessionAuthenticator {
  /**
   * @returns who is signed in; undefined where nobody is, or where sessions do not count. Rejects with a Problem for a session that has ended and for
   * a request that another site may have had a browser send, or with whatever kept it from being decided.
   */
  abstract authenticate(request: IncomingMessage): Promise<PersonPrincipal | undefined>;
}
