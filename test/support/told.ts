import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Notifications } from '../../src/database/notifications.js';
import { testApp } from './app.js';
import type { ExtraServer } from './extra-server.js';

/** Waits until a process knows that it is told of nothing: it believes what is in its memory until then. */
export async function untold(app: NestExpressApplication): Promise<void> {
  while (app.get(Notifications).isCurrent()) await sleep(5);
}

/** Waits until a process has heard of everything that has been committed so far, its own writes included; this one unless told. */
export async function told({ app }: Pick<ExtraServer, 'app'> = testApp()): Promise<void> {
  while (!(await app.get(Notifications).settled())) await sleep(20);
}
