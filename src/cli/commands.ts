import { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { migrate } from '../database/migrate.js';
import { roleOf } from '../database/roles.js';
import { Slug, Text } from '../http/fields.js';
import { validateInput } from '../http/validation.js';
import { createOrganization, listOrganizations, systemUser } from '../organizations/organizations.js';
import { ServiceAccountDto } from '../service-accounts/dto/service-account.dto.js';
import { ServiceAccountsService } from '../service-accounts/service-accounts.service.js';
import { findApplicationRoles } from './application-role.js';
import { asOrganization, asOwner, withDatabase } from './operator.js';
import type { InOrganization, Outcome } from './outcome.js';
import { count, given, say } from './outcome.js';

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
