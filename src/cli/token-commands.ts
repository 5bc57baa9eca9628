import { text } from 'node:stream/consumers';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { validateInput } from '../http/validation.js';
import { readNetworks } from '../network/requested-networks.js';
import type { SystemUser } from '../organizations/organizations.js';
import { systemUser } from '../organizations/organizations.js';
import type { ServiceAccount } from '../service-accounts/service-account.entity.js';
import { ServiceAccountsService } from '../service-accounts/service-accounts.service.js';
import { RotateTokenDto } from '../tokens/dto/rotate-token.dto.js';
import { PlainTokenDto, TokenDto } from '../tokens/dto/token.dto.js';
import { findToken } from '../tokens/find-token.js';
import { parseRequestedScopes } from '../tokens/requested-scopes.js';
import { isTokenShaped } from '../tokens/token-format.js';
import { TokenMint } from '../tokens/token-mint.js';
import { TokensService } from '../tokens/tokens.service.js';
import { Failure } from './failure.js';
import { asOrganization, asOwner, withDatabase } from './operator.js';
import type { InOrganization, Outcome } from './outcome.js';
import { given, say, tell } from './outcome.js';

export interface OfServiceAccount extends InOrganization {
  readonly serviceAccount: string;
}

export interface OfToken extends OfServiceAccount {
  readonly token: string;
}

interface NewToken extends OfServiceAccount {
  readonly name: string;
  readonly slug?: string;
  readonly scope: string[];
  readonly expiresAt?: string;
  readonly allowedCidr?: string[];
}

/** Runs `work` with the application's services on an account's tokens, and tells at once what came of it: there may be a secret in it. */
function withAccount(
  { organization, serviceAccount, json }: OfServiceAccount,
  work: (app: INestApplicationContext, account: ServiceAccount, system: SystemUser) => Promise<Outcome>,
): Promise<Outcome> {
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const account = await app.get(ServiceAccountsService).get(serviceAccount);
      const outcome = await work(app, account, await systemUser(app.get(DataSource)));
      tell(outcome, { json });
      return outcome;
    }),
  );
}

export async function addToken(options: NewToken): Promise<Outcome> {
  const { name, slug, scope, expiresAt, allowedCidr } = options;
  const asked = given({ name, slug, scopes: scope, expiresAt, allowedCidrs: allowedCidr });
  const input = validateInput(PlainTokenDto, asked, 'body');
  // The service says so too; here no database is started to be told.
  parseRequestedScopes(input.scopes);
  if (input.allowedCidrs) readNetworks(input.allowedCidrs, 'body.allowedCidrs');
  return withAccount(options, async (app, account, system) => {
    const token = await app.get(TokenMint).create(account.id, input, system);
    const message = `Minted the token ${token.name} of ${account.name}. It is shown this once.`;
    return { value: token, text: token.token, message };
  });
}

interface Rotation extends OfToken {
  readonly graceSeconds?: unknown;
  readonly expiresAt?: string;
}

export async function rotateToken(options: Rotation): Promise<Outcome> {
  const { token: reference, graceSeconds, expiresAt } = options;
  const input = validateInput(RotateTokenDto, given({ graceSeconds, expiresAt }), 'body');
  return withAccount(options, async (app, account, system) => {
    const { successor, graceEnds } = await app.get(TokenMint).rotate(account.id, reference, input, system);
    const end = graceEnds ? `works until ${graceEnds.toISOString()}` : 'is refused from now on';
    const message = `Minted ${successor.slug} in place of ${successor.replaces!.slug} of ${account.name}, which ${end}. The secret is shown this once.`;
    return { value: successor, text: successor.token, message };
  });
}

export async function revokeToken(options: OfToken): Promise<Outcome> {
  return withAccount(options, async (app, account, system) => {
    const tokens = app.get(TokensService);
    await tokens.revoke(account.id, options.token, system);
    const token = TokenDto.from(await tokens.get(account.id, options.token));
    return { value: token, text: token.slug!, message: `The token ${token.name} of ${account.name} is revoked.` };
  });
}

/**
 * Revokes the token whose secret is on stdin, whosever it is.
 *
 * @param misused ends the command as one that was not called as it should be.
 * @throws Failure when there is none such.
 */
export async function revokeSecret(misused: (message: string) => never): Promise<Outcome> {
  const secret = (await text(process.stdin)).trim();
  if (!isTokenShaped(secret)) {
    misused('error: what stands on stdin is no token: that is ksh_ and 38 letters and digits, the last 6 a checksum');
  }
  const env = readEnv();
  return withDatabase(env, { say }, async (database) => {
    const place = await asOwner(database, (owner) => findToken(owner, secret));
    if (!place) throw new Failure('no organization on this database has this token; it may have been purged');
    const { id, serviceAccountId, serviceAccountName, organizationName, organizationSlug } = place;
    return asOrganization(env, database, organizationSlug, async (app) => {
      const tokens = app.get(TokensService);
      await tokens.revoke(serviceAccountId, id, await systemUser(app.get(DataSource)));
      const token = TokenDto.from(await tokens.get(serviceAccountId, id));
      const what = `the token ${token.slug} of ${serviceAccountName} of the organization ${organizationName} (${organizationSlug})`;
      const done = place.isRevoked
        ? `Already revoked, at ${token.revokedAt!.toISOString()}: ${what}.`
        : `Revoked: ${what}.`;
      const value = { ...token, serviceAccountName, organization: { name: organizationName, slug: organizationSlug } };
      return { value, text: token.slug!, message: done + (await successorsOf(token, tokens)) };
    });
  });
}

/** Whoever had the token may have rotated it, once or more often: what came in its place is not revoked with it. */
async function successorsOf({ id, replacedBy, serviceAccountId }: TokenDto, tokens: TokensService): Promise<string> {
  const working: string[] = [];
  const seen = new Set([id]);
  for (let next = replacedBy?.id; next && !seen.has(next);) {
    seen.add(next);
    const { slug, state, replacedById } = await tokens.get(serviceAccountId, next);
    if (state === 'active') working.push(slug);
    next = replacedById ?? undefined;
  }
  if (working.length === 0) return '';
  const advice =
    working.length === 1
      ? 'works: revoke that too, unless you know who has it'
      : 'work: revoke those too, unless you know who has them';
  return ` It had been replaced by ${working.join(', ')}, which ${advice}.`;
}
