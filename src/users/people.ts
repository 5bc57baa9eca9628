import type { DataSource } from 'typeorm';
import type { Role } from '../auth/roles.js';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

interface Wanted {
  readonly name: string;
  /** Undefined: what they are already. */
  readonly role?: Role;
  /** For somebody who is new. */
  readonly newRole: Role;
}

/** Of whom links are made where nobody is named. */
export const DEFAULT_PERSON = 'Owner';

/**
 * The person of that name in the current organization, who is made if there is none, and given the role.
 * The name is also what an external id is made of, so that two who ask at once get the same person.
 */
export async function ensurePerson(dataSource: DataSource, { name, role, newRole }: Wanted): Promise<Person> {
  const [person] = await dataSource.query<Person[]>(
    `INSERT INTO users AS u (kind, external_id, name, role) VALUES ('person', 'link:' || $1, $1, coalesce($2, $3))
       ON CONFLICT (organization_id, external_id) DO UPDATE SET role = coalesce($2, u.role)
       RETURNING id, name, role`,
    [name, role ?? null, newRole],
  );
  return person!;
}
