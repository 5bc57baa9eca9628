import type { NestExpressApplication } from '@nestjs/platform-express';
import { TokenCache } from '../../src/tokens/token-cache.js';

/**
 * What the work counts of the token cache, with no change of a token arriving meanwhile: one that another suite makes voids the look-ups
 * that are under way here, and the work is done again.
 */
export async function undisturbed<T>(app: NestExpressApplication, work: () => Promise<T>): Promise<T> {
  const { counts } = app.get(TokenCache);
  for (;;) {
    const { dropped } = counts;
    const counted = await work();
    if (counts.dropped === dropped) return counted;
  }
}
