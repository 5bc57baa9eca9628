import { Problem } from '../http/problem.js';

/** Refusals of a token that the organization's policy does not allow. */
const refused = (reason: string, detail: string, expiresAt?: Date): Problem =>
  new Problem(400, `TokenPolicy.${reason}`, detail, {
    errors: expiresAt && [
      { location: 'body.expiresAt', message: 'is later than the policy allows', value: expiresAt.toISOString() },
    ],
  });

export const lifetimeTooLong = (days: number, expiresAt?: Date): Problem =>
  refused(
    'LifetimeTooLong',
    `the organization's policy lets tokens live for ${days} days at the most; ask for an earlier expiresAt`,
    expiresAt,
  );

export const expiryRequired = (): Problem =>
  refused('ExpiryRequired', "the organization's policy wants tokens to expire; say when in expiresAt");

/** What to do where networks cannot be given. */
const MINT_ANOTHER = 'a rotation does not change those of the token: revoke it and mint another';

/** @param areFixed whether the request cannot give any: it is a rotation. */
export const networksRequired = (required: readonly string[], areFixed: boolean): Problem =>
  refused(
    'NetworksRequired',
    areFixed
      ? `the organization's policy wants tokens to be limited to networks within ${required.join(', ')}, and ${MINT_ANOTHER}`
      : `the organization's policy wants tokens to name in allowedCidrs where they are used from, within ${required.join(', ')}`,
  );

/** @param areFixed as above. */
export const networksNotWithin = (
  outside: readonly string[],
  required: readonly string[],
  areFixed: boolean,
): Problem =>
  refused(
    'NetworksNotWithin',
    areFixed
      ? `the organization's policy wants networks within ${required.join(', ')}, where ${outside.join(', ')} is not, and ${MINT_ANOTHER}`
      : `the organization's policy wants allowedCidrs to lie within ${required.join(', ')}; ${outside.join(', ')} does not`,
  );

/** For the documentation of what mints and what rotates. */
export const policyRefusals = (isRotation: boolean): Problem[] => [
  expiryRequired(),
  lifetimeTooLong(90),
  networksRequired(['10.0.0.0/8'], isRotation),
  networksNotWithin(['203.0.113.0/24'], ['10.0.0.0/8'], isRotation),
];
