import type { Arrival } from '../network/client-address.js';
import type { Soon } from '../soon.js';
import type { Principal } from './principal.js';

/** Verifies a bearer's credential. `auth/` asks it and `gateway/` is it, so that the former need not know the latter. */
export abstract class TokenAuthenticator {
  /**
   * @returns whom the credential makes its bearer, or undefined when it is unknown, revoked or expired; at once where that is in memory.
   * Rejects with a Problem that says more, or with whatever kept it from being decided; it does not throw.
   */
  abstract authenticate(credential: string, arrival: Arrival): Soon<Principal | undefined>;
}
