import { useSyncExternalStore } from 'react';

/** What requests find out that concerns the whole page: whether the server can be reached, and whether the session has ended. */
let isLost = false;
const connectionListeners = new Set<() => void>();
let onSessionEnd: () => void = () => undefined;

const PROBE_MS = 2_000;

export function reportReached(): void {
  if (isLost) setLost(false);
}

/** From now on the server is asked whether it is back. */
export function reportUnreachable(): void {
  if (isLost) return;
  setLost(true);
  const probe = async (): Promise<void> => {
    if (!isLost) return;
    const answer = await fetch('/api/healthz').catch(() => undefined);
    if (answer?.ok) setLost(false);
    else setTimeout(() => void probe(), PROBE_MS);
  };
  setTimeout(() => void probe(), PROBE_MS);
}

function setLost(value: boolean): void {
  isLost = value;
  for (const listener of connectionListeners) listener();
}

/** @returns how to hear no more. */
export function onConnection(listener: () => void): () => void {
  connectionListeners.add(listener);
  return () => connectionListeners.delete(listener);
}

/** Once the server can be reached, which it may be. */
export const reachedAgain = (): Promise<void> =>
  new Promise((resolve) => {
    if (!isLost) return resolve();
    const forget = onConnection(() => {
      if (isLost) return;
      forget();
      resolve();
    });
  });

export const isConnectionLost = (): boolean => isLost;

export const useConnectionLost = (): boolean => useSyncExternalStore(onConnection, isConnectionLost);

export const reportSessionEnd = (): void => onSessionEnd();

export function whenSessionEnds(work: () => void): void {
  onSessionEnd = work;
}
