import { prefixOf, xxHash64Bucket } from './xxhash64.js';
import type { Prefix } from './xxhash64.js';

/** A flag's salt with the NUL that ends it. */
export type Salt = Prefix;

export const saltOf = (salt: string): Salt => prefixOf(`${salt}\0`);

/**
 * The bucket, 0 to 9999, in which a key is for flags of that salt: xxHash64 of the salt, NUL and the key in UTF-8, modulo 10,000. A key has a
 * bucket of its own for each salt, and keeps it forever.
 */
export const bucketOf: (salt: Salt, key: string) => number = xxHash64Bucket;
