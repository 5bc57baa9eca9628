import { Injectable } from '@nestjs/common';
import type { PersonPrincipal } from '../auth/principal.js';
import { enterOrganization } from '../tenancy/tenant-context.js';
import { SessionLookUp } from './session-look-up.js';
import type { Session } from './session.entity.js';
import { tooManyAttempts } from './sessions.errors.js';
import type { Device } from './sessions.service.js';
import { SessionsService } from './sessions.service.js';
import type { SignInMethod } from './sign-in-method.js';
import { SignInThrottle } from './sign-in-throttle.js';

interface Begun {
  /** Of the session. */
  readonly secret: string;
  readonly principal: PersonPrincipal;
  readonly session: Session;
}

/** Signs people in, in whichever way. */
@Injectable()
export class SignIn {
  private readonly throttle = new SignInThrottle();

  constructor(
    private readonly sessions: SessionsService,
    private readonly lookUp: SessionLookUp,
  ) {}

  /**
   * Begins a session for whom the method finds the proof to be of. The request is that organization's from then on.
   *
   * @returns undefined when the proof is of nobody. @throws Problem 429 when too many were.
   */
  async with<Proof>(method: SignInMethod<Proof>, proof: Proof, device: Device): Promise<Begun | undefined> {
    const wait = this.throttle.take(device.address);
    if (wait > 0) throw tooManyAttempts(wait);
    const person = await method.identify(proof);
    if (!person) return undefined;
    this.throttle.giveBack(device.address);
    enterOrganization(person.organizationId);
    const secret = await this.sessions.begin(person.userId, device);
    const principal = (await this.lookUp.find(secret))?.principal;
    const session = principal && (await this.sessions.find(principal));
    return session ? { secret, principal, session } : undefined;
  }
}
