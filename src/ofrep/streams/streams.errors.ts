import { Problem } from '../../http/problem.js';
import type { Full } from './stream-hub.js';

/** Whatever is wrong with it: it is missing, has expired or is none of ours, or its token may no longer evaluate flags. */
export const invalidTicket = (): Problem =>
  new Problem(401, 'FlagEvents.InvalidTicket', 'the ticket is not valid; evaluate all flags again to get another', {
    headers: { 'WWW-Authenticate': 'Ticket realm="kaiten"' },
  });

/** How soon one who finds no place may ask again, in seconds. */
const WAIT = '30';

export const tooManyStreams = (full: Full): Problem =>
  full === 'organization'
    ? new Problem(429, 'FlagEvents.TooManyStreams', 'the organization has as many streams as it may have', {
        headers: { 'Retry-After': WAIT },
      })
    : new Problem(503, 'FlagEvents.NoRoom', 'this process has as many streams as it can have, try again', {
        headers: { 'Retry-After': WAIT },
      });

/** The process is about to end, and another one will serve the client. */
export const stopping = (): Problem =>
  new Problem(503, 'FlagEvents.Stopping', 'this process is stopping, connect again', {
    headers: { 'Retry-After': '1' },
  });
