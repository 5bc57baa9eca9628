import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SLUG_PATTERN } from '../http/fields.js';
import { isUuid } from '../http/uuid.js';
import { insertWithSlug, slugify } from './slug.js';

describe('slugify', () => {
  it.each([
    ['Sakura Tokyo', 'sakura-tokyo'],
    ['  Å ström & Söhne GmbH ', 'a-strom-sohne-gmbh'],
    ["L'Oréal", 'loreal'],
    ['Привет', 'privet'],
    ['東京', 'dongjing'],
    ['ﬁne ①', 'fine-1'],
    ['constructor', 'constructor'],
  ])('%j becomes %j', (name, slug) => expect(slugify(name)).toBe(slug));

  it('makes a valid slug, which is no UUID, of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (name) => {
        const slug = slugify(name);
        expect(slug).toMatch(SLUG_PATTERN);
        expect(slug.length).toBeLessThanOrEqual(100);
        expect(isUuid(slug)).toBe(false);
      }),
    );
  });

  it.each(['!!!', 'x', '\u200b', '🎉'])('%j gets a random ending or a random slug', (name) => {
    expect(slugify(name)).not.toBe(slugify(name) + slugify(name));
    expect(slugify(name)).toMatch(SLUG_PATTERN);
  });

  it('does not take over the shape of a UUID', () => {
    expect(isUuid(slugify('123e4567-e89b-12d3-a456-426614174000'))).toBe(false);
  });
});

describe('insertWithSlug', () => {
  const taken = new Error('taken');
  const options = {
    name: 'Sakura',
    isTaken: (error: unknown) => error === taken,
    conflict: (slug: string) => new Error(`conflict ${slug}`),
  };

  it('tries endings while a slug made from the name is taken', async () => {
    const tried: string[] = [];
    const slug = await insertWithSlug({
      ...options,
      given: undefined,
      insert: (candidate) => {
        tried.push(candidate);
        return tried.length < 3 ? Promise.reject(taken) : Promise.resolve(candidate);
      },
    });
    expect(tried[0]).toBe('sakura');
    expect(slug).toMatch(/^sakura-[a-z0-9]{6}$/);
  });

  it('gives up at once when the given slug is taken', async () => {
    await expect(insertWithSlug({ ...options, given: 'kyoto', insert: () => Promise.reject(taken) })).rejects.toThrow(
      'conflict kyoto',
    );
  });

  it('passes every other error on', async () => {
    const other = new Error('other');
    await expect(insertWithSlug({ ...options, given: undefined, insert: () => Promise.reject(other) })).rejects.toBe(
      other,
    );
  });
});
