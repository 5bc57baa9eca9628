import { Problem } from '../http/problem.js';
import { notFound } from '../http/resource-problems.js';

export const sessionNotFound = notFound('Session', 'session of yours');

/** Wrong, used or expired: whoever tries out secrets learns nothing, and whoever has had one needs another all the same. */
export const invalidLink = (): Problem =>
  new Problem(
    401,
    'Session.InvalidLink',
    'this sign-in link does not work: it has been used, has expired, or never was one; whoever runs the server makes another with: ' +
      'npm run -s kaiten -- sign-in-link --organization <slug>',
    { headers: { 'WWW-Authenticate': 'Bearer realm="kaiten"' } },
  );

/** @param seconds after which another attempt is looked at. */
export const tooManyAttempts = (seconds: number): Problem =>
  new Problem(429, 'Session.TooManyAttempts', `too many sign-ins have failed; try again in ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
