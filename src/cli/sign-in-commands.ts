import { DataSource } from 'typeorm';
import type { Role } from '../auth/roles.js';
import { ROLES } from '../auth/roles.js';
import { readEnv } from '../config/env.js';
import { Choice, Text } from '../http/fields.js';
import { validateInput } from '../http/validation.js';
import { SignInLinks } from '../sessions/sign-in-links.js';
import { DEFAULT_PERSON, ensurePerson } from '../users/people.js';
import { asOrganization, withDatabase } from './operator.js';
import type { InOrganization, Outcome } from './outcome.js';
import { given, say } from './outcome.js';

class LinkInput {
  @Text(1, 255, { optional: true })
  user?: string;

  @Choice(ROLES, { optional: true })
  role?: Role;
}

interface NewLink extends InOrganization {
  readonly user?: string;
  readonly role?: string;
}

export async function makeSignInLink({ organization, user, role }: NewLink): Promise<Outcome> {
  const input = validateInput(LinkInput, given({ user, role }), 'body');
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const person = await ensurePerson(app.get(DataSource), {
        name: input.user ?? DEFAULT_PERSON,
        role: input.role,
        // Whoever is named is somebody else than who runs this, and gets more only if that is said.
        newRole: input.user === undefined ? 'owner' : 'viewer',
      });
      const { url, expiresAt } = await app.get(SignInLinks).issue(person.id);
      const value = { signInUrl: url, expiresAt, user: { id: person.id, name: person.name }, role: person.role };
      const message = `Signs ${person.name} in to ${organization} as ${person.role}: once, until ${expiresAt.toISOString()}.`;
      return { value, text: url, message };
    }),
  );
}
