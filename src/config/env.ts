import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** Everything that the process reads from its environment. No other file reads `process.env`. */
export interface Env {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly consolePort: number;
  /** What people type into a browser, without a trailing slash; links are made with it. */
  readonly publicUrl: string;
  readonly dataDir: string;
  /** Application role. Absent: the embedded PostgreSQL. */
  readonly databaseUrl?: string;
  /** Owner role, for migrations and the command line. */
  readonly databaseAdminUrl?: string;
  readonly databasePoolSize: number;
  readonly logLevel: LogLevel;
  readonly shutdownGraceSeconds: number;
  readonly retiredTokenRetentionDays: number;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One environment variable: its documentation, its default in words, and how its text becomes a value. */
interface Variable<T> {
  readonly doc: string;
  readonly fallback: string;
  /** Throws an Error whose message says what is wrong, and never repeats the value. */
  readonly parse: (text: string | undefined) => T;
}

const text = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

function integer(fallback: number, min: number, max: number) {
  return (value: string | undefined): number => {
    const given = text(value);
    if (given === undefined) return fallback;
    const number = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
    return number;
  };
}

function oneOf<T extends string>(fallback: T, allowed: readonly T[]) {
  return (value: string | undefined): T => {
    const given = text(value) ?? fallback;
    if (!allowed.includes(given as T)) throw new Error(`must be one of ${allowed.join(', ')}`);
    return given as T;
  };
}

/** @throws Error for what is no URL of one of the protocols. */
function parseUrl(given: string, protocols: readonly string[], example: string): URL {
  if (!URL.canParse(given)) throw new Error(`must be a URL such as ${example}`);
  const url = new URL(given);
  if (!protocols.includes(url.protocol)) throw new Error(`must begin with ${protocols.join('// or ')}//`);
  return url;
}

function postgresUrl(value: string | undefined): string | undefined {
  const given = text(value);
  if (given === undefined) return undefined;
  const url = parseUrl(given, ['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/database');
  if (!url.username) throw new Error('must name the role: postgresql://role:password@host:5432/database');
  return given;
}

function httpUrl(value: string | undefined): string | undefined {
  const given = text(value);
  if (given === undefined) return undefined;
  const url = parseUrl(given, ['http:', 'https:'], 'https://kaiten.example.com');
  if (url.search || url.hash || url.username || url.password) throw new Error('must be an origin and a path, no more');
  return given.replace(/\/+$/, '');
}

function host(value: string | undefined): string {
  const given = text(value) ?? '127.0.0.1';
  if (!isIP(given) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(given)) throw new Error('must be an address or a name');
  return given;
}

/** The variables, in the order in which README and `.env.example` list them. */
export const VARIABLES = {
  PORT: {
    doc: 'Port of the API. Browsers refuse 6000 (it is on their list of bad ports); they use CONSOLE_PORT.',
    fallback: '6000',
    parse: integer(6000, 1, 65535),
  },
  CONSOLE_PORT: {
    doc: 'Second port of the same server, for browsers: the same API under /api, and the documentation.',
    fallback: '3000',
    parse: integer(3000, 1, 65535),
  },
  HOST: {
    doc: 'Address to listen on. Loopback unless said otherwise; 0.0.0.0 in the container.',
    fallback: '127.0.0.1',
    parse: host,
  },
  PUBLIC_URL: {
    doc: 'What people type to reach CONSOLE_PORT, for links.',
    fallback: 'http://localhost:<CONSOLE_PORT>',
    parse: httpUrl,
  },
  KAITEN_DATA_DIR: {
    doc: 'Where the embedded PostgreSQL and quickstart.json live.',
    fallback: '.kaiten',
    parse: (value: string | undefined): string => resolve(text(value) ?? '.kaiten'),
  },
  DATABASE_URL: {
    doc:
      'PostgreSQL 15 or later, as the application role: owns nothing, no superuser, no BYPASSRLS. ' +
      'A pooler in between must pool sessions, not transactions. Unset: the embedded PostgreSQL.',
    fallback: 'embedded',
    parse: postgresUrl,
  },
  DATABASE_ADMIN_URL: {
    doc: 'The same database as the owner of its tables, for migrations and the command line. Unset: nothing migrates.',
    fallback: 'embedded',
    parse: postgresUrl,
  },
  DATABASE_POOL_SIZE: {
    doc: 'Connections that one process opens at the most.',
    fallback: '10',
    parse: integer(10, 1, 1000),
  },
  LOG_LEVEL: {
    doc: 'fatal, error, warn, info, debug, trace or silent. Requests are logged at info.',
    fallback: 'info',
    parse: oneOf('info', LOG_LEVELS),
  },
  SHUTDOWN_GRACE_SECONDS: {
    doc: 'How long requests may go on after SIGTERM before their connections are closed.',
    fallback: '10',
    parse: integer(10, 0, 600),
  },
  RETIRED_TOKEN_RETENTION_DAYS: {
    doc: 'Days after which revoked and expired tokens are deleted for good.',
    fallback: '90',
    parse: integer(90, 1, 36500),
  },
  NODE_ENV: {
    doc: 'production keeps development dependencies out of the installation.',
    fallback: 'none',
    parse: (value: string | undefined): boolean => value === 'production',
  },
} satisfies Record<string, Variable<unknown>>;

/** All variables that did not fit, each with its reason and none with its value. */
export class InvalidEnvError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** @throws InvalidEnvError naming every variable that does not fit. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const problems: string[] = [];
  const read = <K extends keyof typeof VARIABLES>(name: K): ReturnType<(typeof VARIABLES)[K]['parse']> => {
    try {
      return VARIABLES[name].parse(source[name]) as ReturnType<(typeof VARIABLES)[K]['parse']>;
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
      return undefined as never;
    }
  };
  const consolePort = read('CONSOLE_PORT');
  const env: Env = {
    production: read('NODE_ENV'),
    host: read('HOST'),
    port: read('PORT'),
    consolePort,
    publicUrl: read('PUBLIC_URL') ?? `http://localhost:${consolePort}`,
    dataDir: read('KAITEN_DATA_DIR'),
    databaseUrl: read('DATABASE_URL'),
    databaseAdminUrl: read('DATABASE_ADMIN_URL'),
    databasePoolSize: read('DATABASE_POOL_SIZE'),
    logLevel: read('LOG_LEVEL'),
    shutdownGraceSeconds: read('SHUTDOWN_GRACE_SECONDS'),
    retiredTokenRetentionDays: read('RETIRED_TOKEN_RETENTION_DAYS'),
  };
  if (env.port === env.consolePort) problems.push('CONSOLE_PORT must differ from PORT');
  if (problems.length > 0) throw new InvalidEnvError(problems);
  return env;
}
