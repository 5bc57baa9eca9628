import { Notifications } from '../../src/database/notifications.js';
import { TokenCache } from '../../src/tokens/token-cache.js';
import { testApp } from './app.js';

const MOST_TRIES = 50;

/**
 * What the work counts of the token cache while no change of a token arrives: one that another suite makes voids the look-ups that are
 * under way here, and the work is done again; so is it when changes did not arrive at all. @throws Error when that goes on.
 */
export async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  const { app } = testApp();
  const { counts } = app.get(TokenCache);
  const isCurrent = (): boolean => app.get(Notifications).isCurrent();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { dropped } = counts;
    const wasCurrent = isCurrent();
    const counted = await work();
    if (counts.dropped === dropped && wasCurrent && isCurrent()) return counted;
  }
  throw new Error('changes of tokens kept arriving, or did not arrive at all');
}
