import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { startExtraServer } from '../support/extra-server.js';
import { freePort } from '../support/ports.js';

const directory = mkdtempSync(join(tmpdir(), 'kaiten-console-'));
const built = join(directory, 'dist');

const PAGE = '<!doctype html><title>Console</title>';
const SCRIPT = `console.log('a script that is long enough to be worth its compression');\n`.repeat(20);
const OUTSIDE = 'nobody may read this';

mkdirSync(join(built, 'assets'), { recursive: true });
writeFileSync(join(directory, 'outside.txt'), OUTSIDE);
writeFileSync(join(built, '.hidden'), OUTSIDE);
writeFileSync(join(built, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
for (const [name, text] of [
  ['index.html', PAGE],
  ['assets/app-3f0b8c9e.js', SCRIPT],
] as const) {
  writeFileSync(join(built, name), text);
  writeFileSync(join(built, `${name}.br`), brotliCompressSync(text));
  writeFileSync(join(built, `${name}.gz`), gzipSync(text));
}

useApp({ console: true, consoleDirectory: () => built });
afterAll(() => rmSync(directory, { recursive: true }));

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends the path as it is, and no header that is not given. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET', url?: string): Promise<Got> {
  const { hostname, port } = new URL(url ?? testApp().consoleUrl);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode!, headers: response.headers as never, bytes, text: bytes.toString() });
      });
    })
      .on('error', reject)
      .end();
  });
}

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const ASSET = '/assets/app-3f0b8c9e.js';
const IMMUTABLE = 'public, max-age=31536000, immutable';

describe('the page', () => {
  it.each(['/', '/index.html'])('%s is served, and asked for anew each time', async (path) => {
    const { status, headers, text } = await get(path, BROWSER);
    expect([status, text]).toEqual([200, PAGE]);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  });

  it.each(['/sign-in', '/integrations/service-accounts/my-app/tokens/new?name=ci', '/customers/a.b', '/no%20such'])(
    'is what a browser gets for %s, a route of its own',
    async (path) => {
      const { status, headers, text } = await get(path, BROWSER);
      expect([status, text, headers['cache-control']]).toEqual([200, PAGE, 'no-cache']);
    },
  );

  it('is not what a program gets that asks for something else', async () => {
    const accepts: Record<string, string>[] = [{}, { Accept: '*/*' }, { Accept: 'application/json' }];
    for (const headers of accepts) {
      const { status, text } = await get('/customers', headers);
      expect([status, JSON.parse(text).code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('is no answer of the API: not below /api, and not to another method', async () => {
    expect((await get('/api/nothing', BROWSER)).status).toBe(404);
    expect((await get('/api', BROWSER)).status).toBe(404);
    expect((await get('/api/customers', BROWSER)).status).toBe(401);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect([method, (await get('/', BROWSER, method)).status]).toEqual([method, 404]);
    expect((await get('/api/docs', BROWSER)).text).toContain('swagger-ui');
    expect((await get('/.well-known/jwks.json', BROWSER)).headers['content-type']).toContain('json');
  });

  it('is not there at PORT, where / leads to the documentation', async () => {
    const root = await get('/', BROWSER, 'GET', testApp().url);
    expect([root.status, root.headers.location]).toEqual([302, '/api/docs']);
    for (const path of ['/index.html', ASSET, '/sign-in'])
      expect([path, (await get(path, BROWSER, 'GET', testApp().url)).status]).toEqual([path, 404]);
  });
});

describe('files', () => {
  it('whose names have their contents’ hash in them are kept for good; others are asked for anew', async () => {
    expect((await get(ASSET)).headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': IMMUTABLE,
    });
    expect((await get('/icon.svg')).headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'no-cache',
    });
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['deflate', undefined],
    ['identity', undefined],
    [undefined, undefined],
  ])('come as small as the client takes them: Accept-Encoding %j -> %j', async (accepted, encoding) => {
    const headers: Record<string, string> = accepted === undefined ? {} : { 'Accept-Encoding': accepted };
    for (const [path, text] of [
      [ASSET, SCRIPT],
      ['/', PAGE],
      ['/sign-in', PAGE],
    ] as const) {
      const got = await get(path, { ...headers, ...BROWSER });
      const decode = { br: brotliDecompressSync, gzip: gunzipSync, none: (bytes: Buffer): Buffer => bytes };
      expect([got.status, got.headers['content-encoding'], got.headers.vary]).toEqual([
        200,
        encoding,
        'Accept-Encoding',
      ]);
      expect(decode[(encoding ?? 'none') as 'br'](got.bytes).toString()).toBe(text);
      expect(Number(got.headers['content-length'])).toBe(got.bytes.length);
      expect(got.headers['content-type']).toMatch(path === ASSET ? /^text\/javascript/ : /^text\/html/);
    }
  });

  it('that have no compressed variant come as they are', async () => {
    const { status, headers, text } = await get('/icon.svg', { 'Accept-Encoding': 'br, gzip' });
    expect([status, headers['content-encoding'], text.slice(0, 4)]).toEqual([200, undefined, '<svg']);
  });

  it('are not sent again to who has them: 304 for the ETag, of the same encoding', async () => {
    const etags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const { headers } = await get('/', { 'Accept-Encoding': encoding });
      etags.add(headers.etag!);
      const again = await get('/', { 'Accept-Encoding': encoding, 'If-None-Match': headers.etag! });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag]);
      expect(again.headers['cache-control']).toBe('no-cache');
    }
    expect(etags.size).toBe(3);
    expect((await get('/', { 'If-None-Match': '"another"' })).status).toBe(200);
  });

  it('are described by HEAD, and come whole whatever Range says', async () => {
    const head = await get(ASSET, {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, String(SCRIPT.length), '']);
    expect((await get(ASSET, { Range: 'bytes=0-3' })).text).toBe(SCRIPT);
  });

  it('that are missing are missing: no page in place of a script', async () => {
    for (const path of ['/assets/app-00000000.js', '/assets/', '/assets'])
      expect([path, (await get(path, { Accept: '*/*' })).status]).toEqual([path, 404]);
    expect((await get('/assets/app-00000000.js', BROWSER)).status).toBe(404);
  });

  it.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%5c..%5coutside.txt',
    '//outside.txt',
    '/assets//../../outside.txt',
    '/.hidden',
    '/assets/../.hidden',
    '/index.html%00.js',
    '/%c0%ae%c0%ae/outside.txt',
  ])('outside, and hidden ones, are out of reach: %s', async (path) => {
    for (const headers of [{ Accept: '*/*' }, BROWSER]) {
      const { status, text } = await get(path, headers);
      expect([200, 400, 404]).toContain(status);
      expect(text).not.toContain(OUTSIDE);
    }
  });

  it('may go away while the server runs', async () => {
    const moved = join(directory, 'aside.js');
    renameSync(join(built, ASSET), moved);
    try {
      expect((await get(ASSET)).status).toBe(404);
      expect((await get(ASSET, { 'Accept-Encoding': 'br' })).status).toBe(200);
    } finally {
      renameSync(moved, join(built, ASSET));
    }
    expect((await get(ASSET)).status).toBe(200);
  });
});

describe('the headers', () => {
  let headers: Got['headers'];
  beforeAll(async () => {
    headers = (await get('/sign-in', BROWSER)).headers;
  });

  it('let the page have nothing but what is the console’s own, and be in nobody’s frame', () => {
    expect(headers['content-security-policy']!.split(';').map((part) => part.trim())).toEqual([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self' data:`,
      `font-src 'self'`,
      `connect-src 'self'`,
      `frame-ancestors 'none'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `require-trusted-types-for 'script'`,
      `trusted-types 'none'`,
    ]);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('are on files, too', async () => {
    for (const path of [ASSET, '/icon.svg'])
      expect((await get(path)).headers).toMatchObject({
        'content-security-policy': headers['content-security-policy'],
        'x-content-type-options': 'nosniff',
      });
  });
});

describe('where no console has been built', () => {
  it('/ leads to the documentation, and no route is a page', async () => {
    const port = await freePort();
    const consoleDirectory = join(directory, 'nothing');
    const server = await startExtraServer({ CONSOLE_PORT: String(port) }, { port, consoleDirectory });
    try {
      const root = await get('/', BROWSER, 'GET', server.url);
      expect([root.status, root.headers.location]).toEqual([302, '/api/docs']);
      expect((await get('/sign-in', BROWSER, 'GET', server.url)).status).toBe(404);
    } finally {
      await server.close();
    }
  });
});
