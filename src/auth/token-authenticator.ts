import type { Principal } from './principal.js';

/** Verifies a `ksh_` token. `auth/` asks it and `tokens/` is it, so that the former need not know the latter. */
export abstract class TokenAuthenticator {
  /** @returns who holds the token, or undefined when it is unknown, revoked or expired. Rejects when that cannot be decided. */
  abstract authenticate(token: string): Promise<Principal | undefined>;
}
