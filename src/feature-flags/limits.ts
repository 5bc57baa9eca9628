/** How much of everything a flag may have, and an organization of flags. */
export const MOST_FLAGS = 2_000;
export const MOST_VARIANTS = 100;
export const MOST_TARGETINGS = 200;
export const LONGEST_RULE = 10_000;
export const MOST_WEIGHT = 1_000_000_000;

/** Sizes are those of the JSON text, in bytes. */
export const LARGEST_VALUE = 64 * 1024;
export const LARGEST_FLAG = 256 * 1024;
/** All flags of an organization, which an evaluation of all of them reads and may answer. */
export const LARGEST_FLAGS = 32 * 1024 * 1024;
/** Words and signs of all rules of an organization: 100 to 200 MB of ordinary ones once they are compiled, and 400 of the dearest. */
export const MOST_RULE_SYMBOLS = 1_000_000;
