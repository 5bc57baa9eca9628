import { hash, randomBytes } from 'node:crypto';

/** 32 random bytes in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A new secret, of a sign-in link or of a session. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What has not the form of a secret costs no look-up. */
export const isSecretShaped = (text: string): boolean => SECRET.test(text);

/**
 * What is stored of a secret: its SHA-256, since it has far too many bits to be guessed.
 *
 * @returns the 32 bytes as a text of as many characters (Latin-1).
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'binary');

/** A secret's hash as the database has it. */
export const secretBytes = (secret: string): Buffer => Buffer.from(hashSecret(secret), 'latin1');
