import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An IPv4 or IPv6 network. */
export interface Network {
  readonly first: Address;
  /** Length of the prefix in bits, 0 to 32 or 128. */
  readonly bits: number;
}

/**
 * Reads a network in CIDR notation, or one address. IPv4 networks in IPv6's clothes (`::ffff:10.0.0.0/104`) are read as what they are. A zone
 * (`fe80::1%eth0`) is refused: it means something on one machine only.
 *
 * @throws Error whose message says what is wrong with it, without repeating it.
 */
export function parseNetwork(text: string): Network {
  const [address, length, ...more] = text.split('/');
  const base = text.includes('%') ? undefined : parseAddress(address);
  if (!base || more.length > 0) throw new Error('must be a network such as 10.0.0.0/8 or 2001:db8::/32');
  const { wasMapped, address: first } = base;
  const most = first.kind() === 'ipv4' ? 32 : 128;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) {
    throw new Error('must have a whole number of bits behind the slash');
  }
  const bits = length === undefined ? most : Number(length) - (wasMapped ? 96 : 0);
  if (bits < 0 || bits > most) throw new Error(`must have 0 to ${most} bits behind the slash`);
  if (!networkOf(first, bits).every((byte, index) => byte === first.toByteArray()[index])) {
    throw new Error('must be a network: bits behind its prefix are set');
  }
  return { first, bits };
}

/** Networks to look addresses up in. */
export class Networks {
  constructor(private readonly networks: readonly Network[]) {}

  /** @throws Error as `parseNetwork`. */
  static parse(texts: readonly string[]): Networks {
    return new Networks(texts.map(parseNetwork));
  }

  get isEmpty(): boolean {
    return this.networks.length === 0;
  }

  /** Whether the address is in one of them. An IPv4-mapped IPv6 address counts as IPv4; what is no address is in none. */
  contains(address: string | undefined): boolean {
    const found = parseAddress(address)?.address;
    return found !== undefined && this.networks.some((network) => isWithin(found, network));
  }

  /** Whether all of the network is in one of them. */
  covers({ first, bits }: Network): boolean {
    return this.networks.some((network) => bits >= network.bits && isWithin(first, network));
  }
}

/** An address as it is compared and shown: IPv4 out of IPv6's clothes, IPv6 in its short form, without a zone. Undefined for no address. */
export function normalizeAddress(text: string | undefined): string | undefined {
  return parseAddress(text)?.text;
}

/** RFC 4291, section 2.5.5.1: no longer in use, and the library takes them for IPv4-mapped ones. */
const IPV4_COMPATIBLE = /^::\d+\.\d+\.\d+\.\d+$/;

interface Parsed {
  readonly address: Address;
  readonly text: string;
  readonly wasMapped: boolean;
}

/** The same addresses come again and again, with every request; texts longer than any address are not kept. */
const parsed = new LRUCache<string, Parsed>({ max: 10_000 });
const LONGEST = 64;

/** Strict, since parsers of addresses take octal, hexadecimal and short forms for different things. */
function parseAddress(text: string | undefined): Parsed | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const known = parsed.get(text);
  if (known) return known;
  const [bare, zone] = text.split('%', 2) as [string, string?];
  const version = isIP(bare);
  // RFC 4007, section 11: zones are IPv6's.
  if (version === 0 || (version === 4 && zone !== undefined) || IPV4_COMPATIBLE.test(bare)) return undefined;
  const given = ipaddr.parse(bare);
  const wasMapped = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress();
  const address = wasMapped ? given.toIPv4Address() : given;
  const result = { address, text: address.toString(), wasMapped };
  parsed.set(text, result);
  return result;
}

function isWithin(address: Address, { first, bits }: Network): boolean {
  return address.kind() === first.kind() && address.match(first as never, bits);
}

/** The bytes of the address, those behind the prefix cleared. */
function networkOf(address: Address, bits: number): number[] {
  return address.toByteArray().map((byte, index) => byte & (0xff << Math.min(8, Math.max(0, 8 * (index + 1) - bits))));
}
