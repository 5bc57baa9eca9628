import { Customers1764000003000 } from '../../migrations/1764000003000-customers.js';
import { Foundation1764000000000 } from '../../migrations/1764000000000-foundation.js';
import { Instances1764000004000 } from '../../migrations/1764000004000-instances.js';
import { ServiceAccounts1764000001000 } from '../../migrations/1764000001000-service-accounts.js';
import { Tokens1764000002000 } from '../../migrations/1764000002000-tokens.js';

/** All migrations; TypeORM orders them by the number in their names. */
export const MIGRATIONS = [
  Foundation1764000000000,
  ServiceAccounts1764000001000,
  Tokens1764000002000,
  Customers1764000003000,
  Instances1764000004000,
];

/** Name of the newest migration, as TypeORM records it. */
export const LATEST_MIGRATION = MIGRATIONS.map((migration) => migration.name).sort(
  (a, b) => Number(a.slice(-13)) - Number(b.slice(-13)),
)[MIGRATIONS.length - 1]!;
