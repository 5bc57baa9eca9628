import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Networks } from '../network/networks.js';
import { InvalidEnvError, readEnv, VARIABLES } from './env.js';

describe('readEnv', () => {
  it('has defaults for everything', () => {
    expect(readEnv({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 6000,
      consolePort: 3000,
      publicUrl: 'http://localhost:3000',
      apiUrl: 'http://localhost:6000/api',
      dataDir: resolve('.kaiten'),
      databaseUrl: undefined,
      databaseAdminUrl: undefined,
      databasePoolSize: 10,
      logLevel: 'info',
      shutdownGraceSeconds: 10,
      retiredTokenRetentionDays: 90,
      tokenCacheSize: 100_000,
      tokenUseTracking: true,
      tokenExpiringDays: 14,
      tokenIdleDays: 90,
      gatewayNetworks: new Networks([]),
      principalJwt: 'unsigned',
      flagCacheBytes: 256 * 1024 * 1024,
      flagEvaluationCounts: true,
      flagsCorsOrigins: [],
      flagStreamsPerOrganization: 1_000,
      metricsListen: undefined,
    });
  });

  it('takes what is given, and an empty value for none', () => {
    const env = readEnv({
      PORT: '7000',
      CONSOLE_PORT: '',
      PUBLIC_URL: 'https://kaiten.example.com/',
      NODE_ENV: 'production',
    });
    expect(env).toMatchObject({
      port: 7000,
      consolePort: 3000,
      publicUrl: 'https://kaiten.example.com',
      apiUrl: 'https://kaiten.example.com/api',
      production: true,
    });
  });

  it.each([
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '1e3'],
    ['HOST', 'two words'],
    ['PUBLIC_URL', 'kaiten.invalid'],
    ['PUBLIC_URL', 'ftp://kaiten.example.com'],
    ['PUBLIC_URL', 'https://u:p@kaiten.example.com'],
    ['DATABASE_URL', 'mysql://u@h/d'],
    ['DATABASE_URL', 'postgresql://host/d'],
    ['DATABASE_ADMIN_URL', 'nonsense'],
    ['DATABASE_POOL_SIZE', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_GRACE_SECONDS', '1.5'],
    ['RETIRED_TOKEN_RETENTION_DAYS', '0'],
    ['TOKEN_CACHE_SIZE', '-1'],
    ['TOKEN_USE_TRACKING', 'yes'],
    ['TOKEN_EXPIRING_DAYS', '0'],
    ['TOKEN_IDLE_DAYS', 'soon'],
    ['PRINCIPAL_JWT', 'none'],
    ['FLAG_CACHE_MB', '0'],
    ['FLAG_STREAMS_PER_ORGANIZATION', '10001'],
    ['METRICS_LISTEN', '9464'],
    ['METRICS_LISTEN', '127.0.0.1:0'],
    ['METRICS_LISTEN', '127.0.0.1:65536'],
    ['METRICS_LISTEN', '::1:9464'],
    ['METRICS_LISTEN', '[nonsense!]:9464'],
  ])('refuses %s=%s, without repeating the value', (name, value) => {
    const read = (): unknown => readEnv({ [name]: value });
    expect(read).toThrow(InvalidEnvError);
    expect(read).toThrow(new RegExp(`^  ${name} must`, 'm'));
    if (value.length > 4) expect(read).not.toThrow(value);
  });

  it('names everything that is wrong at once', () => {
    expect(() => readEnv({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT[^]*LOG_LEVEL/);
  });

  it('reads the networks of gateways', () => {
    const { gatewayNetworks } = readEnv({ GATEWAY_TRUSTED_CIDRS: ' 10.1.0.0/16, 2001:db8::/32,192.0.2.7' });
    const inside = ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1', '192.0.2.7'];
    const outside = ['10.2.0.1', '192.0.2.8', '2001:db9::1', '::1', undefined];
    expect(inside.map((address) => gatewayNetworks.contains(address))).toEqual([true, true, true, true]);
    expect(outside.some((address) => gatewayNetworks.contains(address))).toBe(false);
  });

  it.each(['0.0.0.0/0', '::/0', '::ffff:0:0/96', '0.0.0.0/1', '128.0.0.0/1', '2000::/3', '10.0.0.0/8,0.0.0.0/0'])(
    'refuses to trust a good part of everybody as a gateway: %s',
    (value) => {
      expect(() => readEnv({ GATEWAY_TRUSTED_CIDRS: value })).toThrow(
        /GATEWAY_TRUSTED_CIDRS \(entry \d\) must have \d+ bits or more: whoever is in it can claim to be anybody/,
      );
    },
  );

  it.each(['10.0.0.1/8', 'gateway', '10.0.0.0/33', '10.0.0.0/8;11.0.0.0/8', '10.0.0.0/8,,', '*'])(
    'refuses %s as networks of gateways',
    (value) => {
      expect(() => readEnv({ GATEWAY_TRUSTED_CIDRS: value })).toThrow(/GATEWAY_TRUSTED_CIDRS \(entry \d\) must/);
    },
  );

  it('reads where metrics are served', () => {
    expect(readEnv({ METRICS_LISTEN: '0.0.0.0:9464' }).metricsListen).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(readEnv({ METRICS_LISTEN: '[::1]:9464' }).metricsListen).toEqual({ host: '::1', port: 9464 });
    expect(readEnv({ METRICS_LISTEN: 'off' }).metricsListen).toBeUndefined();
  });

  it('refuses one port for both', () => {
    expect(() => readEnv({ PORT: '5000', CONSOLE_PORT: '5000' })).toThrow('CONSOLE_PORT must differ from PORT');
  });
});

describe('documentation of the environment', () => {
  it.each(Object.entries(VARIABLES))(
    'README and .env.example have %s as env.ts has it',
    async (name, { doc, fallback }) => {
      expect(await readFile('README.md', 'utf8')).toContain(`\`${name}\``);
      const readme = (await readFile('README.md', 'utf8')).replace(/ +/g, ' ');
      expect(readme).toContain(`| \`${name}\` | \`${fallback}\` | ${doc} |`);
      const example = (await readFile('.env.example', 'utf8')).replace(/\n# /g, ' ').replace(/ +/g, ' ');
      expect(example).toContain(doc);
      expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'));
    },
  );
});
