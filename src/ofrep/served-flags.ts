import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Notifications } from '../database/notifications.js';
import { FlagChanges } from '../feature-flags/flag-changes.js';
import { currentOrganizationId, runAsOrganization } from '../tenancy/tenant-context.js';
import { FlagStore } from './flag-store.js';
import { readFlags } from './read-flags.js';

/** Channel of the triggers on flags: an organization's id, or `all`. */
const CHANNEL = 'kaiten_flags';

/** Keeps the flags in memory true to the database, by its notifications. */
@Injectable()
export class ServedFlags extends FlagChanges {
  readonly store: FlagStore;

  constructor(dataSource: DataSource, notifications: Notifications, @Inject(ENV) env: Env) {
    super();
    this.store = new FlagStore({
      // Several requests may wait for it, so it runs in none of their contexts.
      load: (organizationId) => runAsOrganization(organizationId, () => readFlags(dataSource)),
      isCurrent: () => notifications.isCurrent(),
      bytes: env.flagCacheBytes,
    });
    notifications.subscribe({
      channel: CHANNEL,
      onNotification: (payload) => (payload === 'all' ? this.store.dropAll() : this.store.drop(payload)),
      onConnected: () => this.store.dropAll(),
    });
  }

  /** Reading again is as good as waiting for the notification, and does not depend on whether it arrives. */
  committed(): void {
    const organizationId = currentOrganizationId();
    if (organizationId !== undefined) this.store.drop(organizationId);
  }
}
