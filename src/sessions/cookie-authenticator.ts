import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { crossSite, sessionEnded } from '../auth/auth.errors.js';
import type { PersonPrincipal } from '../auth/principal.js';
import { SessionAuthenticator } from '../auth/session-authenticator.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { arrivedForConsole } from '../network/console-port.js';
import { consoleOrigins, originOf } from './request-origin.js';
import { SessionCookie } from './session-cookie.js';
import { SessionLookUp } from './session-look-up.js';
import { SessionUses } from './session-uses.js';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

/** Knows people by their session's cookie, at the console's port. */
@Injectable()
export class CookieAuthenticator extends SessionAuthenticator {
  private readonly cookie: SessionCookie;
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly sessions: SessionLookUp,
    private readonly uses: SessionUses,
    @Inject(ENV) private readonly env: Env,
  ) {
    super();
    this.cookie = new SessionCookie(env);
    this.origins = consoleOrigins(env);
  }

  async authenticate(request: IncomingMessage): Promise<PersonPrincipal | undefined> {
    if (!arrivedForConsole(request, this.env)) return undefined;
    const [secret, ...more] = this.cookie.read(request);
    if (secret === undefined) return undefined;
    if (!SAFE_METHODS.includes(request.method!) && originOf(request, this.origins) !== 'console') throw crossSite();
    // One of several is not ours: another server at this host may have set it, to have people work in a session that is not theirs.
    const found = more.length > 0 ? undefined : await this.sessions.find(secret);
    if (!found) throw sessionEnded();
    const { principal, isUnseen } = found;
    if (isUnseen) this.uses.note(principal.session.id, principal.organization.id);
    return principal;
  }
}
