import { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { migrate } from '../database/migrate.js';
import { roleOf } from '../database/roles.js';
import { Slug, Text } from '../http/fields.js';
import { validateInput } from '../http/validation.js';
import { createOrganization, listOrganizations, systemUser } from '../organizations/organizations.js';
import { ServiceAccountDto } from '../service-accounts/dto/service-account.dto.js';
import { ServiceAccountsService } from '../service-accounts/service-accounts.service.js';
import { PlainTokenDto, TokenDto } from '../tokens/dto/token.dto.js';
import { parseRequestedScopes } from '../tokens/requested-scopes.js';
import { TokensService } from '../tokens/tokens.service.js';
import { findApplicationRoles } from './application-role.js';
import { asOrganization, asOwner, withDatabase } from './operator.js';

/** What a command has to say. */
export interface Outcome {
  /** For programs: all of it, printed with --json. */
  readonly value: unknown;
  /** For the shell, printed without --json: what the next command needs. */
  readonly text: string;
  /** For people, printed to stderr. */
  readonly message: string;
}

const say = (message: string): void => void process.stderr.write(`${message}\n`);

class OrganizationInput {
  @Text(1, 255)
  name: string;

  @Slug()
  slug?: string;
}

export async function migrateDatabase(): Promise<Outcome> {
  const env = readEnv();
  return withDatabase(env, { create: true, say }, async ({ adminUrl, applicationUrl }) => {
    let done = await migrate(adminUrl, applicationUrl && roleOf(applicationUrl));
    let note = '';
    if (applicationUrl === undefined) {
      // A later migration may have brought a table that the role of an earlier one must get at too.
      const roles = await asOwner({ adminUrl }, findApplicationRoles);
      for (const role of roles) done = [...done, ...(await migrate(adminUrl, role))];
      if (roles.length === 0) note = ' No application role has privileges yet: set DATABASE_URL and run this again.';
    }
    const message = done.length === 0 ? 'The schema is current.' : `Ran ${count(done.length, 'migration')}.`;
    return { value: { migrations: done }, text: done.join('\n'), message: message + note };
  });
}

export async function addOrganization(options: { name: string; slug?: string }): Promise<Outcome> {
  const { name, slug } = options;
  const input = validateInput(OrganizationInput, given({ name, slug }), 'body');
  return withDatabase(readEnv(), { say }, async (database) => {
    const organization = await asOwner(database, (owner) => createOrganization(owner, input));
    const message = `Created the organization ${organization.name}.`;
    return { value: organization, text: organization.slug, message };
  });
}

export async function showOrganizations(): Promise<Outcome> {
  return withDatabase(readEnv(), { say }, async (database) => {
    const organizations = await asOwner(database, listOrganizations);
    const lines = organizations.map(({ slug, name, createdAt }) => `${slug}\t${name}\t${createdAt.toISOString()}`);
    return { value: organizations, text: lines.join('\n'), message: `${count(organizations.length, 'organization')}.` };
  });
}

interface InOrganization {
  readonly organization: string;
}

export async function addServiceAccount(options: InOrganization & { name: string; slug?: string }): Promise<Outcome> {
  const { organization, name, slug } = options;
  const input = validateInput(ServiceAccountDto, given({ name, slug }), 'body');
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const account = await app.get(ServiceAccountsService).create(input, await systemUser(app.get(DataSource)));
      const message = `Created the service account ${account.name} of ${organization}.`;
      return { value: ServiceAccountDto.from(account, []), text: account.slug, message };
    }),
  );
}

interface OfServiceAccount extends InOrganization {
  readonly serviceAccount: string;
}

interface NewToken extends OfServiceAccount {
  readonly name: string;
  readonly slug?: string;
  readonly scope: string[];
  readonly expiresAt?: string;
}

export async function addToken(options: NewToken): Promise<Outcome> {
  const { organization, serviceAccount, name, slug, scope, expiresAt } = options;
  const input = validateInput(PlainTokenDto, given({ name, slug, scopes: scope, expiresAt }), 'body');
  // The service says so too; here no database is started to be told.
  parseRequestedScopes(input.scopes);
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const account = await app.get(ServiceAccountsService).get(serviceAccount);
      const token = await app.get(TokensService).create(account.id, input, await systemUser(app.get(DataSource)));
      const message = `Minted the token ${token.name} of ${account.name}. It is shown this once.`;
      return { value: token, text: token.token, message };
    }),
  );
}

export async function revokeToken(options: OfServiceAccount & { token: string }): Promise<Outcome> {
  const { organization, serviceAccount, token: reference } = options;
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const account = await app.get(ServiceAccountsService).get(serviceAccount);
      const tokens = app.get(TokensService);
      await tokens.revoke(account.id, reference, await systemUser(app.get(DataSource)));
      const token = TokenDto.from(await tokens.get(account.id, reference));
      return { value: token, text: token.slug!, message: `The token ${token.name} of ${account.name} is revoked.` };
    }),
  );
}

/** The options that were given: to validation, an undefined one is not absent. */
function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const count = (number: number, noun: string): string => `${number} ${number === 1 ? noun : `${noun}s`}`;
