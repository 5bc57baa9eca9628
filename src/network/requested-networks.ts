import type { ProblemDetail } from '../http/problem.js';
import { validationFailed } from '../http/problem.js';
import type { Network } from './networks.js';
import { parseNetwork } from './networks.js';

/**
 * Reads a list of networks from a request.
 *
 * @param location where the list is, such as `body.allowedCidrs`.
 * @returns each once, in the form in which they are kept and PostgreSQL reads them too: `10.1.2.3/32`, `2001:db8::/32`.
 * @throws Problem 422 for none, or with one entry for each that is no network.
 */
export function readNetworks(requested: readonly unknown[], location: string): string[] {
  if (requested.length === 0) {
    throw validationFailed([{ location, message: 'must name at least one network; leave it out for none' }]);
  }
  const networks: string[] = [];
  const errors: ProblemDetail[] = [];
  for (const [index, value] of requested.entries()) {
    try {
      if (typeof value !== 'string') throw new Error('must be a text such as 10.0.0.0/8');
      networks.push(formatNetwork(parseNetwork(value)));
    } catch (error) {
      errors.push({ location: `${location}[${index}]`, message: (error as Error).message, value });
    }
  }
  if (errors.length > 0) throw validationFailed(errors);
  return [...new Set(networks)];
}

const formatNetwork = ({ first, bits }: Network): string => `${first.toString()}/${bits}`;
