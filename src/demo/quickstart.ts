import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { withOwner } from '../database/migrate.js';
import { Problem } from '../http/problem.js';
import { createOrganization, findOrganization, systemUser } from '../organizations/organizations.js';
import { ServiceAccountsService } from '../service-accounts/service-accounts.service.js';
import { SignInLinks } from '../sessions/sign-in-links.js';
import { runAsOrganization } from '../tenancy/tenant-context.js';
import { TokenPolicyService } from '../token-policy/token-policy.service.js';
import { TokenCache } from '../tokens/token-cache.js';
import { hashToken, isTokenShaped } from '../tokens/token-format.js';
import { TokenMint } from '../tokens/token-mint.js';
import type { NewToken } from '../tokens/token-mint.js';
import { NAME_TAKEN } from '../tokens/tokens.errors.js';
import { TokensService } from '../tokens/tokens.service.js';
import { DEFAULT_PERSON, ensurePerson } from '../users/people.js';
import { seedDemo } from './seed.js';

const ORGANIZATION = { name: 'Sakura', slug: 'sakura' };
const ACCOUNT = { name: 'quick-start', slug: 'quick-start' };
const TOKEN = 'quick-start';

/** What a newcomer needs, also for programs; in `quickstart.json`, which only its owner may read. */
export interface Quickstart {
  readonly apiUrl: string;
  readonly consoleUrl: string;
  readonly token: string;
  /** Signs in to the console, once and for a while: each start makes another one for the same person. */
  readonly signInUrl: string;
  readonly organization: string;
}

interface Where {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly consoleUrl: string;
}

/** Makes sure that the demo organization is there, a token for it that works, and a link to sign in. The token is kept while it is valid. */
export async function prepareQuickstart(
  app: INestApplicationContext,
  adminUrl: string,
  where: Where,
): Promise<Quickstart> {
  const organization = await withOwner(
    adminUrl,
    async (owner) => (await findOrganization(owner, ORGANIZATION.slug)) ?? createOrganization(owner, ORGANIZATION),
  );
  const file = join(where.dataDir, 'quickstart.json');
  const token = (await validToken(app, file)) ?? (await runAsOrganization(organization.id, () => mintToken(app)));
  const quickstart: Quickstart = {
    apiUrl: where.apiUrl,
    consoleUrl: where.consoleUrl,
    token,
    signInUrl: await runAsOrganization(organization.id, () => makeSignInLink(app)),
    organization: organization.slug,
  };
  await writePrivately(file, `${JSON.stringify(quickstart, null, 2)}\n`);
  return quickstart;
}

/** The token of an earlier start, if it still works. */
async function validToken(app: INestApplicationContext, file: string): Promise<string | undefined> {
  let token: unknown;
  try {
    token = (JSON.parse(await readFile(file, 'utf8')) as { token?: unknown }).token;
  } catch {
    return undefined;
  }
  if (typeof token !== 'string') return undefined;
  const known = isTokenShaped(token) ? await app.get(TokenCache).find(hashToken(token)) : 'unknown';
  if (typeof known !== 'object' || known.expiresAt <= Date.now()) return undefined;
  return known.holder.organization.slug === ORGANIZATION.slug ? token : undefined;
}

/** Seeds the organization if nobody has ever been in it, and mints a token in place of an earlier one, or beside one that was rotated. */
async function mintToken(app: INestApplicationContext): Promise<string> {
  const accounts = app.get(ServiceAccountsService);
  const tokens = app.get(TokensService);
  const dataSource = app.get(DataSource);
  const system = await systemUser(dataSource);
  const machines = await dataSource.query<unknown[]>(`SELECT FROM users WHERE kind = 'machine' LIMIT 1`);
  if (machines.length === 0) await seedDemo(app, system);
  const account = (await accounts.find(ACCOUNT.slug)) ?? (await accounts.create(ACCOUNT, system));
  const input = { scopes: ['write:*'], ...(await mostAllowed(app)) };
  for (let number = 1; ; number++) {
    const name = number === 1 ? TOKEN : `${TOKEN} ${number}`;
    await tokens.revokeNamed(account.id, name, system);
    try {
      return (await app.get(TokenMint).create(account.id, { name, ...input }, system)).token;
    } catch (error) {
      // Somebody has rotated that one, and uses what came in its place.
      if (!(error instanceof Problem && error.code === NAME_TAKEN)) throw error;
    }
  }
}

async function makeSignInLink(app: INestApplicationContext): Promise<string> {
  const person = await ensurePerson(app.get(DataSource), { name: DEFAULT_PERSON, newRole: 'owner' });
  return (await app.get(SignInLinks).issue(person.id)).url;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** For as long and from as far away as the policy allows that somebody may have set for the demo organization. */
async function mostAllowed(app: INestApplicationContext): Promise<Pick<NewToken, 'expiresAt' | 'allowedCidrs'>> {
  const { longestLifetimeDays, expiryRequired, requiredCidrs } = await app.get(TokenPolicyService).get();
  const days = longestLifetimeDays ?? (expiryRequired ? 365 : undefined);
  // A minute less, since it is the clock of the database that counts.
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + days * DAY - MINUTE);
  return { expiresAt, allowedCidrs: requiredCidrs };
}

async function writePrivately(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
