import { setTimeout as sleep } from 'node:timers/promises';
import { Notifications } from '../../src/database/notifications.js';
import { testApp } from './app.js';
import type { ExtraServer } from './extra-server.js';

/** Waits until a process knows that it is told of nothing: it believes what is in its memory until then. @throws Error after 10 s. */
export async function untold({ app }: Pick<ExtraServer, 'app'>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (app.get(Notifications).isCurrent()) {
    if (Date.now() > deadline) throw new Error('the process is still told of changes');
    await sleep(5);
  }
}

/** Waits until a process has heard of everything that has been committed so far, its own writes included; this one unless told. */
export async function told({ app }: Pick<ExtraServer, 'app'> = testApp()): Promise<void> {
  while (!(await app.get(Notifications).settled())) await sleep(20);
}
