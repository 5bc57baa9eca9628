import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { GrantedScope } from '../auth/scopes.js';
import type { Author } from '../database/authored.entity.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { insertWithSlug } from '../slugs/slug.js';

export interface Organization {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, external_id AS "externalId", name, slug, created_at AS "createdAt"`;

/** External id of the user that stands for the server itself in every organization. */
const SYSTEM_USER = 'system:kaiten';

/**
 * Creates an organization and its system user. Only the owner of the database can: no organization is current yet.
 *
 * @throws Error when the given slug is taken.
 */
export function createOrganization(owner: DataSource, input: { name: string; slug?: string }): Promise<Organization> {
  return insertWithSlug({
    given: input.slug,
    name: input.name,
    insert: (slug) =>
      owner.transaction(async (manager) => {
        const [organization] = await manager.query<Organization[]>(
          `INSERT INTO organizations (external_id, name, slug) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
          [`org_${randomUUID().replaceAll('-', '')}`, input.name, slug],
        );
        await manager.query(
          `INSERT INTO users (organization_id, kind, external_id, name) VALUES ($1, 'system', '${SYSTEM_USER}', 'Kaiten')`,
          [organization!.id],
        );
        return organization!;
      }),
    isTaken: (error) => isUniqueViolation(error, 'organizations_slug_key'),
    conflict: (slug) => new Error(`the slug ${slug} is taken by another organization`),
  });
}

export function listOrganizations(owner: DataSource): Promise<Organization[]> {
  return owner.query(`SELECT ${COLUMNS} FROM organizations ORDER BY slug COLLATE "C"`);
}

export async function findOrganization(owner: DataSource, slug: string): Promise<Organization | undefined> {
  const [organization] = await owner.query<Organization[]>(`SELECT ${COLUMNS} FROM organizations WHERE slug = $1`, [
    slug,
  ]);
  return organization;
}

/** The server's own user in the current organization: the author of what nobody signed in for does. It may do everything. */
export interface SystemUser extends Author {
  readonly scopes: readonly GrantedScope[];
}

/** @throws Error outside of an organization. */
export async function systemUser(dataSource: DataSource): Promise<SystemUser> {
  const [user] = await dataSource.query<Author[]>(
    `SELECT id AS "userId", name AS "userName" FROM users WHERE external_id = $1`,
    [SYSTEM_USER],
  );
  if (!user) throw new Error('there is no such organization');
  return { ...user, scopes: ['write:*'] };
}
