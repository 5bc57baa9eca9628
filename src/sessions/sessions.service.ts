import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Not, Repository } from 'typeorm';
import type { PersonPrincipal } from '../auth/principal.js';
import { insertRow } from '../database/insert-row.js';
import { isUuid } from '../http/uuid.js';
import { newSecret, secretBytes } from './secrets.js';
import { LONGEST_IDLE_INTERVAL, LONGEST_SESSION } from './session-lifetime.js';
import { Session } from './session.entity.js';
import { sessionNotFound } from './sessions.errors.js';

/** Whose browser it is that signs in. */
export interface Device {
  readonly userAgent: string | undefined;
  readonly address: string | undefined;
}

/** Sessions that a list shows, at the most. */
const MOST_LISTED = 100;

/** The sessions of the current organization's people. */
@Injectable()
export class SessionsService {
  constructor(@InjectRepository(Session) private readonly sessions: Repository<Session>) {}

  /** Begins a session for a person whom a `SignInMethod` has identified. @returns its secret, which is kept nowhere. */
  async begin(userId: string, { userAgent, address }: Device): Promise<string> {
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + LONGEST_SESSION * 1000);
    const device = { userAgent: userAgent ?? null, address: address ?? null };
    await insertRow(this.sessions.manager, Session, { userId, hash: secretBytes(secret), expiresAt, ...device });
    return secret;
  }

  /** The session that asks. It may be ended by another one at the same time. @returns null then. */
  find({ session }: PersonPrincipal): Promise<Session | null> {
    return this.sessions.findOneBy({ id: session.id });
  }

  /** A person's sessions that have not ended, the one that was used last first. */
  listOf({ userId }: PersonPrincipal): Promise<Session[]> {
    return this.sessions
      .createQueryBuilder('s')
      .where('s.userId = :userId', { userId })
      .andWhere('s.expiresAt > statement_timestamp()')
      .andWhere(`s.lastSeenAt > statement_timestamp() - ${LONGEST_IDLE_INTERVAL}`)
      .orderBy('s.lastSeenAt', 'DESC')
      .addOrderBy('s.id')
      .take(MOST_LISTED)
      .getMany();
  }

  async end({ session }: PersonPrincipal): Promise<void> {
    await this.sessions.delete({ id: session.id });
  }

  /** Ends one of a person's own sessions. @throws Problem 404 for what is none of them. */
  async endOne({ userId }: PersonPrincipal, id: string): Promise<void> {
    const { affected } = isUuid(id) ? await this.sessions.delete({ userId, id }) : { affected: 0 };
    if (affected === 0) throw sessionNotFound(id);
  }

  /** Ends all of a person's sessions but the one that asks. */
  async endOthers({ userId, session }: PersonPrincipal): Promise<void> {
    await this.sessions.delete({ userId, id: Not(session.id) });
  }
}
