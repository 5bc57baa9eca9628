import type { Request } from 'express';
import type { Networks } from '../network/networks.js';
import type { GrantedScope } from './scopes.js';

/** Who asks, as every kind of credential ends: what handlers and the guard may rely on. */
export interface Principal {
  readonly kind: 'organization';
  /** The service account's id, which is also its user's. */
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
  /** With its hash, as the token's record has it: never for an answer or the log. */
  readonly token: { readonly id: string; readonly hash: string };
}

/** What the pipeline hangs on a request. */
export interface KaitenRequest extends Request {
  requestId: string;
  principal?: Principal;
}
