import type { Claims } from './jwt.js';
import { part } from './jwt.js';

/** A forgery: what it is, how it is made, and the code of its refusal. */
export type Forgery<T extends unknown[]> = readonly [name: string, forge: (...args: T) => string, code: RefusalCode];

export type RefusalCode =
  'Auth.InvalidToken' | 'Auth.InvalidClaims' | 'Auth.MissingClaims' | 'Auth.InvalidScopes' | 'Auth.NoIdentity';

const now = (): number => Math.floor(Date.now() / 1000);
const json = (value: object): string => JSON.stringify(value);
/** The members of an object without its braces. */
const members = (claims: Claims): string => json(claims).slice(1, -1);

/** A member more, in the text of the JSON: one with the same name stays beside it. */
const withMember = (claims: Claims, text: string): string => `{${members(claims)},${text}}`;

const replaced = (name: string, value: unknown) => (claims: Claims) => json({ ...claims, [name]: value });

/** Texts that are no JWT, made of one that is good. */
export const FORGED_TEXTS: readonly Forgery<[jwt: string]>[] = [
  ['no signature part', (jwt) => jwt.slice(0, jwt.lastIndexOf('.')), 'Auth.InvalidToken'],
  ['a dot behind it', (jwt) => `${jwt}.`, 'Auth.InvalidToken'],
  ['three dots behind it', (jwt) => `${jwt}...`, 'Auth.InvalidToken'],
  ['a dot in front of it', (jwt) => `.${jwt}`, 'Auth.InvalidToken'],
  ['a doubled dot', (jwt) => jwt.replace('.', '..'), 'Auth.InvalidToken'],
  ['a doubled second dot', (jwt) => jwt.replace(/\.([^.]*)$/, '..$1'), 'Auth.InvalidToken'],
  ['two dots and nothing else', () => '..', 'Auth.InvalidToken'],
  ['no header', (jwt) => jwt.slice(jwt.indexOf('.')), 'Auth.InvalidToken'],
  ['no header, and a second payload', (jwt) => `${jwt.split('.')[1]!}.${jwt.split('.')[1]!}.`, 'Auth.InvalidToken'],
  ['five parts, as JWE has', (jwt) => `${jwt}.${part('iv')}.${part('tag')}`, 'Auth.InvalidToken'],
  ['JWS in JSON', (jwt) => inJson(jwt), 'Auth.InvalidToken'],
  ['padding behind the header', (jwt) => jwt.replace('.', '=.'), 'Auth.InvalidToken'],
  ['padding behind the payload', (jwt) => jwt.replace(/\.([^.]*)$/, '=.$1'), 'Auth.InvalidToken'],
  ['padding behind the signature', (jwt) => `${jwt}=`, 'Auth.InvalidToken'],
  ['padding in percent', (jwt) => `${jwt}%3D`, 'Auth.InvalidToken'],
  ['bits behind the end of the header', (jwt) => withBitsBehind(jwt, 0), 'Auth.InvalidToken'],
  ['bits behind the end of the payload', (jwt) => withBitsBehind(jwt, 1), 'Auth.InvalidToken'],
  ['the other alphabet of base64', (jwt) => inOtherAlphabet(jwt), 'Auth.InvalidToken'],
  ['a percent-encoded dot', (jwt) => jwt.replace('.', '%2E'), 'Auth.InvalidToken'],
  ['a byte outside of ASCII', (jwt) => `${jwt}\u00e9`, 'Auth.InvalidToken'],
  ['a blank in front of the payload', (jwt) => jwt.replace('.', '. '), 'Auth.InvalidToken'],
  ['a tab behind the header', (jwt) => jwt.replace('.', '\t.'), 'Auth.InvalidToken'],
  ['quotes around it', (jwt) => `"${jwt}"`, 'Auth.InvalidToken'],
  ['a comma behind it', (jwt) => `${jwt},`, 'Auth.InvalidToken'],
  ['itself once more behind a comma', (jwt) => `${jwt},${jwt}`, 'Auth.InvalidToken'],
  ['another credential behind a comma', (jwt) => `${jwt}, Bearer ${jwt}`, 'Auth.InvalidToken'],
];

/** Payloads that are refused whoever signs them, made of the claims of a good one. */
export const FORGED_PAYLOADS: readonly Forgery<[claims: Claims]>[] = [
  ['no payload', () => '', 'Auth.InvalidClaims'],
  ['a payload that is no JSON', (claims) => json(claims).replace(',', ',,'), 'Auth.InvalidClaims'],
  ['a payload that is a list', (claims) => json([claims]), 'Auth.InvalidClaims'],
  ['a payload that is null', () => 'null', 'Auth.InvalidClaims'],
  ['a payload that is a text', (claims) => json(json(claims) as never), 'Auth.InvalidClaims'],
  ['a byte order mark', (claims) => `\ufeff${json(claims)}`, 'Auth.InvalidClaims'],
  ['a blank in front', (claims) => ` ${json(claims)}`, 'Auth.InvalidClaims'],
  ['something behind it', (claims) => `${json(claims)}{}`, 'Auth.InvalidClaims'],
  ['a NUL behind it', (claims) => `${json(claims)}\0`, 'Auth.InvalidClaims'],
  ['sub twice', (claims) => withMember(claims, `"sub":${json(claims.sub as never)}`), 'Auth.InvalidClaims'],
  ['sub twice, once escaped', (claims) => withMember(claims, '"s\\u0075b":"sa_x"'), 'Auth.InvalidClaims'],
  ['the organization twice', (claims) => withMember(claims, '"kaiten_external_org_id":"org_x"'), 'Auth.InvalidClaims'],
  ['scopes twice', (claims) => withMember(claims, '"scopes":["write:*"]'), 'Auth.InvalidClaims'],
  ['exp twice', (claims) => withMember(claims, `"exp":${now() + 10}`), 'Auth.InvalidClaims'],
  ['another claim twice', (claims) => withMember(claims, '"x":1,"x":2'), 'Auth.InvalidClaims'],
  ['a claim twice deep inside', (claims) => withMember(claims, '"x":[{"y":1,"y":2}]'), 'Auth.InvalidClaims'],
  ['a prototype', (claims) => withMember(claims, '"__proto__":{"sub":"sa_x"}'), 'Auth.InvalidClaims'],
  ['a hundred lists in each other', (claims) => withMember(claims, `"x":${nested(100)}`), 'Auth.InvalidClaims'],
  ['half of a surrogate pair', (claims) => withMember(claims, '"x":"\\ud800"'), 'Auth.InvalidClaims'],
  ['more characters than any of ours has', (claims) => json({ ...claims, x: 'x'.repeat(6_500) }), 'Auth.InvalidToken'],

  ...['sub', 'kaiten_external_org_id', 'scopes', 'iat', 'exp', 'kaiten_token_id', 'kaiten_token_hash'].map(
    (name) => [`no ${name}`, (claims: Claims) => json({ ...claims, [name]: undefined }), 'Auth.MissingClaims'] as const,
  ),
  ['claims in the prototype alone', () => '{"__proto__":{}}', 'Auth.InvalidClaims'],

  ...['sub', 'kaiten_external_org_id', 'kaiten_token_id', 'kaiten_token_hash'].flatMap((name) =>
    [null, 1, true, '', ' ', ['sa_x'], { id: 'sa_x' }].map(
      (value) => [`${name}: ${json(value as never)}`, replaced(name, value), 'Auth.InvalidClaims'] as const,
    ),
  ),
  ['a token id that is none', replaced('kaiten_token_id', 'x'), 'Auth.InvalidClaims'],
  ['a hash that is cut short', cutHash(31), 'Auth.InvalidClaims'],
  ['a hash that is too long', cutHash(33), 'Auth.InvalidClaims'],
  [
    'a hash with padding',
    (claims) => json({ ...claims, kaiten_token_hash: `${hashOf(claims)}=` }),
    'Auth.InvalidClaims',
  ],
  ['a hash in hexadecimal', inHexadecimal, 'Auth.InvalidClaims'],
  ['a hash with bits behind its end', withBitsBehindHash, 'Auth.InvalidClaims'],

  ...[null, {}, [], 'write:*', 'read:customers write:*', 1, ['write:*', 1], [null], [['write:*']], [[]]].map(
    (scopes) => [`scopes: ${json(scopes as never)}`, replaced('scopes', scopes), 'Auth.InvalidScopes'] as const,
  ),
  ...['*', '*:*', 'admin:*', 'delete:*', 'read:nothing', 'READ:customers', ' read:*', 'read:*\n', 'read', ''].map(
    (scope) => [`the scope ${json(scope as never)}`, replaced('scopes', [scope]), 'Auth.InvalidScopes'] as const,
  ),
  ['a scope twice', replaced('scopes', ['read:*', 'read:*']), 'Auth.InvalidScopes'],
  ['scopes as an object with a length', replaced('scopes', { length: 1, 0: 'write:*' }), 'Auth.InvalidScopes'],

  ...[null, '', '1', 1.5, 1e300, true, [1], {}].flatMap((value) =>
    ['iat', 'exp'].map(
      (name) => [`${name}: ${json(value as never)}`, replaced(name, value), 'Auth.InvalidClaims'] as const,
    ),
  ),
  [
    'exp in the text’s notation of Infinity',
    (claims) => json(claims).replace(/"exp":\d+/, '"exp":1e999'),
    'Auth.InvalidClaims',
  ],
  ['half a second in exp', (claims) => json({ ...claims, exp: (claims.exp as number) - 0.5 }), 'Auth.InvalidClaims'],
  ['half a second in iat', (claims) => json({ ...claims, iat: (claims.iat as number) + 0.5 }), 'Auth.InvalidClaims'],
  ['an end that has passed', timed(-90, -60), 'Auth.InvalidClaims'],
  ['an end that is now', timed(-10, 0), 'Auth.InvalidClaims'],
  ['a beginning in the future', timed(120, 150), 'Auth.InvalidClaims'],
  [
    'a second more than it may live',
    (claims) => json({ ...claims, exp: (claims.exp as number) + 1 }),
    'Auth.InvalidClaims',
  ],
  ['an end in the year 2100', replaced('exp', 4_102_444_800), 'Auth.InvalidClaims'],
  ['times in milliseconds', inMilliseconds, 'Auth.InvalidClaims'],
];

function timed(iat: number, exp: number) {
  return (claims: Claims): string => json({ ...claims, iat: now() + iat, exp: now() + exp });
}

function inMilliseconds(claims: Claims): string {
  return json({ ...claims, iat: (claims.iat as number) * 1000, exp: (claims.exp as number) * 1000 });
}

const hashOf = (claims: Claims): string => claims.kaiten_token_hash as string;

function cutHash(length: number) {
  return (claims: Claims): string => {
    const bytes = Buffer.concat([Buffer.from(hashOf(claims), 'base64url'), Buffer.from('x')]).subarray(0, length);
    return json({ ...claims, kaiten_token_hash: bytes.toString('base64url') });
  };
}

function inHexadecimal(claims: Claims): string {
  return json({ ...claims, kaiten_token_hash: Buffer.from(hashOf(claims), 'base64url').toString('hex') });
}

/** The 43rd character of 32 bytes has two bits that belong to none. */
function withBitsBehindHash(claims: Claims): string {
  return json({ ...claims, kaiten_token_hash: withNextCharacter(hashOf(claims)) });
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The last character's successor in the alphabet: another text of the same bytes, where bits are left over. */
function withNextCharacter(text: string): string {
  return text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.at(-1)!) + 1]!;
}

/** Another text of the same bytes; the part gets a blank or two, if it takes those for bits to be left over. */
function withBitsBehind(jwt: string, index: number): string {
  const parts = jwt.split('.');
  let text = Buffer.from(parts[index]!, 'base64url').toString();
  while (Buffer.byteLength(text) % 3 === 0) text = text.replace('{', '{ ');
  parts[index] = withNextCharacter(part(text));
  return parts.join('.');
}

/** Seven question marks have three that are `Pz8_`, wherever they begin. */
function inOtherAlphabet(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  const text = Buffer.from(payload!, 'base64url').toString().replace('{', '{"x":"???????",');
  return `${header}.${part(text).replaceAll('_', '/').replaceAll('-', '+')}.${signature}`;
}

function inJson(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  return json({ protected: header, payload, signature });
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
