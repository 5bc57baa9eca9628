import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { collectBody } from './json-body.js';

it.each([
  ['whose client has gone', { destroyed: true }],
  ['that was answered, so that its body is thrown away', { readableFlowing: true }],
])('nobody waits for the body of a request %s', (_, state) => {
  const request = { headers: {}, ...state } as unknown as IncomingMessage;
  const failures: unknown[] = [];
  collectBody(
    request,
    () => failures.push('done'),
    ({ status, message }) => failures.push([status, message]),
  );
  expect(failures).toEqual([[400, 'the body ended early']]);
});
