/** Somebody who may sign in. */
export interface Person {
  readonly organizationId: string;
  readonly userId: string;
}

/**
 * A way to sign in: finds out who somebody is. What follows, the session, is the same for all of them.
 *
 * @typeParam Proof what is presented.
 */
export interface SignInMethod<Proof> {
  /** @returns undefined where the proof is none, or is none any more. */
  identify(proof: Proof): Promise<Person | undefined>;
}
