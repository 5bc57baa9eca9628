import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Authenticator as Passport } from 'passport';
import { enterOrganization } from '../tenancy/tenant-context.js';
import type { Access } from './access.js';
import { ACCESS } from './access.js';
import { invalidToken, missingScope, noIdentity, sessionRequired, undeclaredAccess } from './auth.errors.js';
import type { Credentials } from './bearer.strategy.js';
import { BearerStrategy } from './bearer.strategy.js';
import type { KaitenRequest, Principal } from './principal.js';
import { allows } from './scopes.js';
import { SessionAuthenticator } from './session-authenticator.js';

/**
 * Stands before every route: finds out who asks, and lets through who may. It only reads. What it cannot decide, because the
 * database is away, it lets fail as such (503), so that nobody takes an outage for a refusal.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly authenticate: (request: Credentials, response: object, next: (error?: unknown) => void) => void;

  constructor(
    strategy: BearerStrategy,
    private readonly sessions: SessionAuthenticator,
  ) {
    const passport = new Passport();
    passport.use(strategy as never);
    const options = { session: false, assignProperty: 'principal', authInfo: false, failWithError: true };
    this.authenticate = passport.authenticate('bearer', options) as never;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = Reflect.getMetadata(ACCESS, context.getHandler()) as Access | undefined;
    if (access === undefined) throw undeclaredAccess();
    if (access.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<KaitenRequest>();
    const principal = await this.identify(request);
    request.principal = principal;
    enterOrganization(principal.organization.id);
    if (access.kind === 'scope' && !allows(principal.scopes, access.scope)) throw missingScope(access.scope);
    if (access.kind === 'session' && principal.kind !== 'person') throw sessionRequired();
    return true;
  }

  /**
   * A session counts only where there is no Authorization header, so that nobody can be two at once.
   *
   * @throws Problem 401 or 403, or whatever kept the authenticators from deciding.
   */
  private async identify(request: KaitenRequest): Promise<Principal> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.identifyBearer(request, authorization);
    const person = await this.sessions.authenticate(request);
    if (!person) throw noIdentity();
    return person;
  }

  private identifyBearer(request: KaitenRequest, authorization: string): Promise<Principal> {
    return new Promise((resolve, reject) => {
      const credentials: Credentials = { headers: { authorization }, arrival: request };
      this.authenticate(credentials, UNANSWERED, (error) => {
        if (credentials.principal) resolve(credentials.principal);
        else if (!isRefusal(error)) reject(error as Error);
        else reject(authorization ? invalidToken() : noIdentity());
      });
    });
  }
}

/** passport writes its refusal into a response; ours is a problem. */
const UNANSWERED = { setHeader: (): void => undefined };

function isRefusal(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'AuthenticationError';
}
