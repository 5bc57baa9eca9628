import { testApp } from './app.js';
import { RawConnection } from './raw-http.js';
import type { RawAnswer } from './raw-http.js';

/** A part of a JWT: an object as JSON, a text or bytes as they are, in base64url. */
export function part(value: object | string | Buffer): string {
  const isRaw = typeof value === 'string' || Buffer.isBuffer(value);
  return Buffer.from(isRaw ? value : JSON.stringify(value)).toString('base64url');
}

export type Claims = Readonly<Record<string, unknown>>;

export function claimsOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Claims;
}

export function headerOf(jwt: string): Claims {
  return JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as Claims;
}

/** What a gateway gets for a token from the suite's server. */
export async function validated(token: string): Promise<string> {
  const { authorization } = (await send('GET /api/tokens/validate', `Authorization: Bearer ${token}`)).headers;
  if (authorization === undefined) throw new Error('the token is not valid');
  return authorization.slice('Bearer '.length);
}

/** Sends header lines as they are: no client would. */
export async function send(requestLine: string, ...lines: string[]): Promise<RawAnswer> {
  const connection = await RawConnection.open();
  try {
    connection.write(
      [`${requestLine} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\r\n'),
    );
    return await connection.answer(requestLine.startsWith('HEAD '));
  } finally {
    connection.destroy();
  }
}

/** Asks who the bearer of a credential is. */
export const whoIs = (credential: string): Promise<RawAnswer> =>
  send('GET /api/me', `Authorization: Bearer ${credential}`);

/** The private key that signs now, as the database has it. */
export async function signingKey(): Promise<{ kid: string; der: Buffer; x: string }> {
  const [row] = await testApp().owner.query<{ kid: string; der: Buffer; x: string }[]>(
    `SELECT kid, private_key AS der, public_jwk->>'x' AS x FROM principal_keys WHERE verifies_until IS NULL`,
  );
  return row!;
}
