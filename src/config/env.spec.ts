import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InvalidEnvError, readEnv, VARIABLES } from './env.js';

describe('readEnv', () => {
  it('has defaults for everything', () => {
    expect(readEnv({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 6000,
      consolePort: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: resolve('.kaiten'),
      databaseUrl: undefined,
      databaseAdminUrl: undefined,
      databasePoolSize: 10,
      logLevel: 'info',
      shutdownGraceSeconds: 10,
      retiredTokenRetentionDays: 90,
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
  ])('refuses %s=%s, without repeating the value', (name, value) => {
    const read = (): unknown => readEnv({ [name]: value });
    expect(read).toThrow(InvalidEnvError);
    expect(read).toThrow(new RegExp(`^  ${name} must`, 'm'));
    if (value.length > 4) expect(read).not.toThrow(value);
  });

  it('names everything that is wrong at once', () => {
    expect(() => readEnv({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT[^]*LOG_LEVEL/);
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
