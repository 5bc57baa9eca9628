import { isIP } from 'node:net';
import { Networks, parseNetwork } from '../network/networks.js';

/** Without spaces around it; undefined where nothing is said. */
export const text = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

export function integer(fallback: number, min: number, max: number) {
  return (value: string | undefined): number => {
    const given = text(value);
    if (given === undefined) return fallback;
    const number = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return number;
  };
}

export function oneOf<T extends string>(fallback: T, allowed: readonly T[]) {
  return (value: string | undefined): T => {
    const given = text(value) ?? fallback;
    if (!allowed.includes(given as T)) throw new Error(`must be one of ${allowed.join(', ')}`);
    return given as T;
  };
}

/** On, unless said otherwise. */
export const onOrOff = (value: string | undefined): boolean => oneOf('on', ['on', 'off'])(value) === 'on';

/** @throws Error for what is no URL of one of the protocols. */
function parseUrl(given: string, protocols: readonly string[], example: string): URL {
  if (!URL.canParse(given)) throw new Error(`must be a URL such as ${example}`);
  const url = new URL(given);
  if (!protocols.includes(url.protocol)) throw new Error(`must begin with ${protocols.join('// or ')}//`);
  return url;
}

export function postgresUrl(value: string | undefined): string | undefined {
  const given = text(value);
  if (given === undefined) return undefined;
  const url = parseUrl(given, ['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/database');
  if (!url.username) throw new Error('must name the role: postgresql://role:password@host:5432/database');
  return given;
}

export function httpUrl(value: string | undefined): string | undefined {
  const given = text(value);
  if (given === undefined) return undefined;
  const url = parseUrl(given, ['http:', 'https:'], 'https://kaiten.example.com');
  if (url.search || url.hash || url.username || url.password) throw new Error('must be an origin and a path, no more');
  return given.replace(/\/+$/, '');
}

export function host(value: string | undefined): string {
  const given = text(value) ?? '127.0.0.1';
  if (!isIP(given) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(given)) throw new Error('must be an address or a name');
  return given;
}

/** Shorter prefixes would trust a good part of everybody: the bits of a prefix that a gateway's network has at the least. */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 16 };

export function gatewayNetworks(value: string | undefined): Networks {
  const given = text(value)?.split(',') ?? [];
  return new Networks(
    given.map((part, index) => {
      try {
        const network = parseNetwork(part.trim());
        const shortest = SHORTEST_PREFIX[network.first.kind()];
        if (network.bits >= shortest) return network;
        throw new Error(`must have ${shortest} bits or more: whoever is in it can claim to be anybody`);
      } catch (error) {
        throw new Error(`(entry ${index + 1}) ${(error as Error).message}`);
      }
    }),
  );
}

/** Spelled as browsers spell them in the Origin header: no path, no default port, in lower case. */
export function corsOrigins(value: string | undefined): readonly string[] | '*' {
  const given = text(value);
  if (given === '*') return '*';
  return (given?.split(',') ?? []).map((part, index) => {
    const origin = part.trim();
    if (/^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
    throw new Error(`(entry ${index + 1}) must be an origin such as https://app.example.com, and nothing behind it`);
  });
}

export function listenAddress(value: string | undefined): { host: string; port: number } | undefined {
  const given = text(value) ?? 'off';
  if (given === 'off') return undefined;
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(given) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65535) {
    throw new Error('must be off, or an address and a port such as 127.0.0.1:9464 or [::1]:9464');
  }
  return { host: host(inBrackets ?? plain), port };
}
