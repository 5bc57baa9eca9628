import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { insertRow } from '../database/insert-row.js';
import { callAcrossOrganizations } from '../tenancy/across-organizations.js';
import { isSecretShaped, newSecret, secretBytes } from './secrets.js';
import { LINK_LIFETIME } from './session-lifetime.js';
import { SignInLink } from './sign-in-link.entity.js';
import type { Person, SignInMethod } from './sign-in-method.js';

/** How long it may take to find out whose link it is, in milliseconds. */
const LONGEST = 5_000;

export interface IssuedLink {
  /** With the secret in the fragment, which browsers send to nobody. */
  readonly url: string;
  readonly expiresAt: Date;
}

/** Links that sign one person in, once. */
@Injectable()
export class SignInLinks implements SignInMethod<string> {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** @param userId a person's, of the current organization. */
  async issue(userId: string): Promise<IssuedLink> {
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + LINK_LIFETIME * 1000);
    await insertRow(this.dataSource.manager, SignInLink, { userId, hash: secretBytes(secret), expiresAt });
    return { url: `${this.env.publicUrl}/sign-in#${secret}`, expiresAt };
  }

  /** Uses the link up. @param secret a link's fragment. */
  async identify(secret: string): Promise<Person | undefined> {
    if (!isSecretShaped(secret)) return undefined;
    const [row] = await callAcrossOrganizations<{ organization_id: string; user_id: string }>(
      this.dataSource,
      'SELECT * FROM redeem_sign_in_link($1)',
      [secretBytes(secret)],
      LONGEST,
    );
    return row && { organizationId: row.organization_id, userId: row.user_id };
  }
}
