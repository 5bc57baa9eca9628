import { randomInt } from 'node:crypto';
import anyAscii from 'any-ascii';
import { isUuid } from '../http/uuid.js';

const LONGEST_BASE = 80;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A slug for a name of any script, or a random one when nothing of the name can be written in ASCII. */
export function slugify(name: string): string {
  const base = anyAscii(name.normalize('NFKC'))
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_BASE)
    .replace(/^-+|-+$/g, '');
  if (base.length < 2) return [base, randomPart(8)].filter(Boolean).join('-');
  return isUuid(base) ? withSuffix(base) : base;
}

/** The slug with a random ending, for when it is taken. */
export function withSuffix(slug: string): string {
  return `${slug}-${randomPart(6)}`;
}

function randomPart(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/**
 * Inserts a row under the given slug, or under one made from its name, which gets a random ending while it is taken.
 *
 * @param insert rejects with whatever `isTaken` recognizes when the slug is taken.
 * @throws what `conflict` makes when the given slug is taken.
 */
export async function insertWithSlug<T>(options: {
  readonly given: string | undefined;
  readonly name: string;
  /** What the name makes is known to be taken: it begins with a random ending. */
  readonly isNameTaken?: boolean;
  readonly insert: (slug: string) => Promise<T>;
  readonly isTaken: (error: unknown) => boolean;
  readonly conflict: (slug: string) => Error;
}): Promise<T> {
  const { given, name, isNameTaken = false, insert, isTaken, conflict } = options;
  const base = given ?? slugify(name);
  for (let attempt = 0; ; attempt++) {
    const slug = attempt === 0 && !isNameTaken ? base : withSuffix(base);
    try {
      return await insert(slug);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (given !== undefined || attempt === 5) throw conflict(slug);
    }
  }
}
