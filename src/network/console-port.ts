import type { IncomingMessage } from 'node:http';
import type { Env } from '../config/env.js';

/**
 * Whether a request came in at CONSOLE_PORT. It is the port of the server's own end of the connection that says so: what a client or a proxy in front
 * of it claims in headers does not count, and which port they call it by outside does not matter.
 */
export const arrivedForConsole = ({ socket }: IncomingMessage, { consolePort }: Pick<Env, 'consolePort'>): boolean =>
  socket.localPort === consolePort;
