import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PersonPrincipal } from '../auth/principal.js';
import type { Role } from '../auth/roles.js';
import { scopesOf } from '../auth/roles.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import { BatchedLookUp } from '../tenancy/batched-look-up.js';
import { hashSecret, isSecretShaped } from './secrets.js';
import { LONGEST_IDLE_INTERVAL } from './session-lifetime.js';

interface Row {
  hash: Buffer;
  session_id: string;
  is_unseen: boolean;
  user_id: string;
  user_external_id: string;
  user_name: string;
  role: Role;
  organization_id: string;
  organization_external_id: string;
  organization_name: string;
  organization_slug: string;
}

interface Found {
  readonly principal: PersonPrincipal;
  /** Whether the last use that is known is a minute old. */
  readonly isUnseen: boolean;
}

const AUTHENTICATE = prepared(`SELECT * FROM authenticate_sessions($1, ${LONGEST_IDLE_INTERVAL})`);

/**
 * Finds sessions by their secret. They are kept nowhere but in the database and are looked up for each request: people ask far less often than
 * machines, and what ends a session, or changes a role, then holds at once in every process.
 */
@Injectable()
export class SessionLookUp {
  private readonly rows: BatchedLookUp<Row>;

  constructor(dataSource: DataSource, @Inject(ENV) { databasePoolSize }: Env) {
    this.rows = new BatchedLookUp(dataSource, {
      poolSize: databasePoolSize,
      statement: AUTHENTICATE,
      noun: 'sessions',
    });
  }

  /** @returns undefined when there is no such session, or when it has ended. @throws Problem 503, or whatever kept the database from answering. */
  async find(secret: string): Promise<Found | undefined> {
    if (!isSecretShaped(secret)) return undefined;
    const row = await this.rows.find(hashSecret(secret));
    return row && { principal: toPrincipal(row), isUnseen: row.is_unseen };
  }
}

function toPrincipal(row: Row): PersonPrincipal {
  return {
    kind: 'person',
    userId: row.user_id,
    userExternalId: row.user_external_id,
    userName: row.user_name,
    organization: {
      id: row.organization_id,
      externalId: row.organization_external_id,
      name: row.organization_name,
      slug: row.organization_slug,
    },
    role: row.role,
    scopes: scopesOf(row.role),
    session: { id: row.session_id },
  };
}
