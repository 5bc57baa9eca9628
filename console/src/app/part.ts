import type { ComponentType } from 'react';
import { lazy } from 'react';
import { reachedAgain, reportUnreachable } from '../api/signals';

/** Whether the server answers at all. */
async function isServerThere(): Promise<boolean> {
  return fetch('/api/healthz').then(
    () => true,
    () => false,
  );
}

/**
 * Loads a part of the console. While the server is away that waits for it, as every page does. A part that it has no more is of a
 * console that has been built anew: the page begins again, once only, or it would go on for ever.
 */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(await isServerThere())) {
      reportUnreachable();
      await reachedAgain();
      return part(load);
    }
    const last = Number(sessionStorage.getItem('kaiten.reloaded'));
    if (Date.now() - last < 60_000) throw error;
    sessionStorage.setItem('kaiten.reloaded', String(Date.now()));
    location.reload();
    return new Promise(() => undefined);
  }
}

/** A component of such a part. */
export const lazyPart = <K extends string, P>(
  load: () => Promise<{ readonly [key in K]: ComponentType<P> }>,
  name: K,
) => lazy(async () => ({ default: (await part(load))[name] }));

/** Begins to load it before it is asked for. What cannot be had now is loaded, and waited for, then. */
export const loadAhead = (load: () => Promise<unknown>): void => void load().catch(() => undefined);
