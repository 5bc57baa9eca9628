import { Customers1764000003000 } from '../../migrations/1764000003000-customers.js';
import { FactsChanges1764000009000 } from '../../migrations/1764000009000-facts-changes.js';
import { FeatureFlags1764000008000 } from '../../migrations/1764000008000-feature-flags.js';
import { FlagEvaluations1764000010000 } from '../../migrations/1764000010000-flag-evaluations.js';
import { Foundation1764000000000 } from '../../migrations/1764000000000-foundation.js';
import { Instances1764000004000 } from '../../migrations/1764000004000-instances.js';
import { PrincipalKeys1764000007000 } from '../../migrations/1764000007000-principal-keys.js';
import { RuleSymbols1764000023000 } from '../../migrations/1764000023000-rule-symbols.js';
import { ServiceAccounts1764000001000 } from '../../migrations/1764000001000-service-accounts.js';
import { Sessions1764000020000 } from '../../migrations/1764000020000-sessions.js';
import { TokenDays1764000022000 } from '../../migrations/1764000022000-token-days.js';
import { TokenRecords1764000006000 } from '../../migrations/1764000006000-token-records.js';
import { Tokens1764000002000 } from '../../migrations/1764000002000-tokens.js';
import { TokensForLife1764000005000 } from '../../migrations/1764000005000-tokens-for-life.js';
import { Versions1764000021000 } from '../../migrations/1764000021000-versions.js';

/** All migrations; TypeORM orders them by the number in their names. */
export const MIGRATIONS = [
  Foundation1764000000000,
  ServiceAccounts1764000001000,
  Tokens1764000002000,
  Customers1764000003000,
  Instances1764000004000,
  TokensForLife1764000005000,
  TokenRecords1764000006000,
  PrincipalKeys1764000007000,
  FeatureFlags1764000008000,
  FactsChanges1764000009000,
  FlagEvaluations1764000010000,
  Sessions1764000020000,
  Versions1764000021000,
  TokenDays1764000022000,
  RuleSymbols1764000023000,
];

/** Name of the newest migration, as TypeORM records it. */
export const LATEST_MIGRATION = MIGRATIONS.map((migration) => migration.name).sort(
  (a, b) => Number(a.slice(-13)) - Number(b.slice(-13)),
)[MIGRATIONS.length - 1]!;
