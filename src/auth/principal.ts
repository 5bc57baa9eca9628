import type { Request } from 'express';
import type { Networks } from '../network/networks.js';
import type { Role } from './roles.js';
import type { GrantedScope } from './scopes.js';

/** What every kind of credential says of who asks. */
interface Identity {
  /** The service account's id, which is also its user's; or the person's. */
  readonly userId: string;
  readonly userExternalId: string;
  readonly userName: string;
  readonly organization: {
    readonly id: string;
    readonly externalId: string;
    readonly name: string;
    readonly slug: string;
  };
  readonly scopes: readonly GrantedScope[];
  /** Where the credential may be used from. Absent: anywhere. */
  readonly networks?: Networks;
}

/** A token asks, itself or through a gateway. */
export interface TokenPrincipal extends Identity {
  readonly kind: 'organization';
  /** With its hash, as the token's record has it: never for an answer or the log. */
  readonly token: { readonly id: string; readonly hash: string };
  readonly session?: undefined;
}

/** A person asks who has signed in to the console. */
export interface PersonPrincipal extends Identity {
  readonly kind: 'person';
  readonly role: Role;
  readonly session: { readonly id: string };
  readonly token?: undefined;
}

/** Who asks, as every kind of credential ends: what handlers and the guard may rely on. */
export type Principal = TokenPrincipal | PersonPrincipal;

/** What the pipeline hangs on a request. */
export interface KaitenRequest extends Request {
  requestId: string;
  principal?: Principal;
}
