import { resolve } from 'node:path';
import type { Networks } from '../network/networks.js';
import {
  corsOrigins,
  gatewayNetworks,
  host,
  httpUrl,
  integer,
  listenAddress,
  oneOf,
  onOrOff,
  postgresUrl,
  text,
} from './env-values.js';

/** Everything that the process reads from its environment. No other file reads `process.env`. */
export interface Env {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  readonly consolePort: number;
  /** What people type into a browser, without a trailing slash; links are made with it. */
  readonly publicUrl: string;
  /** Where applications reach the API, as far as it is known: what is in front of the API's port, if anything is, nobody has said. */
  readonly apiUrl: string;
  readonly dataDir: string;
  /** Application role. Absent: the embedded PostgreSQL. */
  readonly databaseUrl?: string;
  /** Owner role, for migrations and the command line. */
  readonly databaseAdminUrl?: string;
  readonly databasePoolSize: number;
  readonly logLevel: LogLevel;
  readonly shutdownGraceSeconds: number;
  readonly retiredTokenRetentionDays: number;
  /** Records of tokens kept in memory; 0 for none. */
  readonly tokenCacheSize: number;
  readonly tokenUseTracking: boolean;
  readonly tokenExpiringDays: number;
  readonly tokenIdleDays: number;
  /** Who is believed what it says of its clients: their addresses and, in unsigned mode, their principals. */
  readonly gatewayNetworks: Networks;
  readonly principalJwt: PrincipalJwtMode;
  /** What feature flags may take of memory, in bytes. */
  readonly flagCacheBytes: number;
  readonly flagEvaluationCounts: boolean;
  /** Origins of the pages that may evaluate feature flags. */
  readonly flagsCorsOrigins: readonly string[] | '*';
  /** Streams of events that one process keeps open for an organization; 0 for none. */
  readonly flagStreamsPerOrganization: number;
  /** Absent: metrics are not served. */
  readonly metricsListen?: { readonly host: string; readonly port: number };
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether principals that a gateway passes on are signed. */
export const PRINCIPAL_JWT_MODES = ['unsigned', 'signed'] as const;
export type PrincipalJwtMode = (typeof PRINCIPAL_JWT_MODES)[number];

/** One environment variable: its documentation, its default in words, and how its text becomes a value. */
interface Variable<T> {
  readonly doc: string;
  readonly fallback: string;
  /** Throws an Error whose message says what is wrong, and never repeats the value. */
  readonly parse: (text: string | undefined) => T;
}

/** The variables, in the order in which README and `.env.example` list them. */
export const VARIABLES = {
  PORT: {
    doc: 'Port of the API. Browsers refuse 6000 (it is on their list of bad ports); they use CONSOLE_PORT.',
    fallback: '6000',
    parse: integer(6000, 1, 65535),
  },
  CONSOLE_PORT: {
    doc: 'Second port of the same server, for browsers: the console, the same API under /api, and the documentation. Sessions count here only.',
    fallback: '3000',
    parse: integer(3000, 1, 65535),
  },
  HOST: {
    doc: 'Address to listen on. Loopback unless said otherwise; 0.0.0.0 in the container.',
    fallback: '127.0.0.1',
    parse: host,
  },
  PUBLIC_URL: {
    doc: 'What people type to reach CONSOLE_PORT, for links. Nothing from another origin may change anything under a session.',
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
    doc: 'Connections that one process opens at the most, besides two that listen for changes.',
    fallback: '10',
    parse: integer(10, 1, 1000),
  },
  LOG_LEVEL: {
    doc: 'fatal, error, warn, info, debug, trace or silent. Requests are logged at info, but evaluations of flags that were answered, which are many, at debug.',
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
  TOKEN_CACHE_SIZE: {
    doc: 'Verified tokens that a process remembers; 0 looks every one up every time. docs/revocation.md says how soon a revoked one is dead.',
    fallback: '100000',
    parse: integer(100_000, 0, 10_000_000),
  },
  TOKEN_USE_TRACKING: {
    doc: 'on keeps when and from where a token was last used; off keeps neither.',
    fallback: 'on',
    parse: onOrOff,
  },
  TOKEN_EXPIRING_DAYS: {
    doc: 'A token is listed as expiring when it has this many days left, or fewer.',
    fallback: '14',
    parse: integer(14, 1, 3650),
  },
  TOKEN_IDLE_DAYS: {
    doc: 'A token is listed as idle when it was used, but not for this many days.',
    fallback: '90',
    parse: integer(90, 1, 3650),
  },
  GATEWAY_TRUSTED_CIDRS: {
    doc:
      'Networks of your gateways, separated by commas. Only from there are X-Forwarded-For and unsigned principals believed. ' +
      'Empty: from nowhere.',
    fallback: 'none',
    parse: gatewayNetworks,
  },
  PRINCIPAL_JWT: {
    doc:
      'unsigned or signed: whether /api/tokens/validate signs the principals that a gateway passes on. ' +
      'With signed, unsigned ones are refused from everywhere.',
    fallback: 'unsigned',
    parse: oneOf('unsigned', PRINCIPAL_JWT_MODES),
  },
  FLAG_CACHE_MB: {
    doc:
      'Megabytes that feature flags may take in a process. The organizations that were not asked for the longest time are ' +
      'forgotten first, and read again when somebody asks.',
    fallback: '256',
    parse: integer(256, 1, 1_000_000),
  },
  FLAG_EVALUATION_COUNTS: {
    doc: 'on counts how often each variant of a flag was given out, and keeps the counts for 30 days; off counts nothing.',
    fallback: 'on',
    parse: onOrOff,
  },
  FLAGS_CORS_ORIGINS: {
    doc:
      'Origins of web pages that may evaluate feature flags, such as https://app.example.com, separated by commas; * is all. ' +
      'Empty: none.',
    fallback: 'none',
    parse: corsOrigins,
  },
  FLAG_STREAMS_PER_ORGANIZATION: {
    doc:
      'Clients of an organization that one process tells at once when a feature flag changes. Beyond them, clients are told of no stream; ' +
      '0 tells nobody.',
    fallback: '1000',
    parse: integer(1_000, 0, 10_000),
  },
  METRICS_LISTEN: {
    doc: 'Address and port for metrics in the format of Prometheus, such as 127.0.0.1:9464; off serves none.',
    fallback: 'off',
    parse: listenAddress,
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
  const port = read('PORT');
  const consolePort = read('CONSOLE_PORT');
  const publicUrl = read('PUBLIC_URL');
  const env: Env = {
    production: read('NODE_ENV'),
    host: read('HOST'),
    port,
    consolePort,
    publicUrl: publicUrl ?? `http://localhost:${consolePort}`,
    apiUrl: `${publicUrl ?? `http://localhost:${port}`}/api`,
    dataDir: read('KAITEN_DATA_DIR'),
    databaseUrl: read('DATABASE_URL'),
    databaseAdminUrl: read('DATABASE_ADMIN_URL'),
    databasePoolSize: read('DATABASE_POOL_SIZE'),
    logLevel: read('LOG_LEVEL'),
    shutdownGraceSeconds: read('SHUTDOWN_GRACE_SECONDS'),
    retiredTokenRetentionDays: read('RETIRED_TOKEN_RETENTION_DAYS'),
    tokenCacheSize: read('TOKEN_CACHE_SIZE'),
    tokenUseTracking: read('TOKEN_USE_TRACKING'),
    tokenExpiringDays: read('TOKEN_EXPIRING_DAYS'),
    tokenIdleDays: read('TOKEN_IDLE_DAYS'),
    gatewayNetworks: read('GATEWAY_TRUSTED_CIDRS'),
    principalJwt: read('PRINCIPAL_JWT'),
    flagCacheBytes: read('FLAG_CACHE_MB') * 1024 * 1024,
    flagEvaluationCounts: read('FLAG_EVALUATION_COUNTS'),
    flagsCorsOrigins: read('FLAGS_CORS_ORIGINS'),
    flagStreamsPerOrganization: read('FLAG_STREAMS_PER_ORGANIZATION'),
    metricsListen: read('METRICS_LISTEN'),
  };
  if (env.port === env.consolePort) problems.push('CONSOLE_PORT must differ from PORT');
  if (problems.length > 0) throw new InvalidEnvError(problems);
  return env;
}
