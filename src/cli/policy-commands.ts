import { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { validateInput } from '../http/validation.js';
import { readNetworks } from '../network/requested-networks.js';
import { systemUser } from '../organizations/organizations.js';
import { TokenPolicyDto } from '../token-policy/dto/token-policy.dto.js';
import { TokenPolicyService } from '../token-policy/token-policy.service.js';
import { TokenCounts } from '../tokens/token-counts.js';
import { asOrganization, withDatabase } from './operator.js';
import type { InOrganization, Outcome } from './outcome.js';
import { count, given, say } from './outcome.js';

export async function showTokenPolicy({ organization }: InOrganization): Promise<Outcome> {
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const policy = await app.get(TokenPolicyService).get();
      const message = policy.updatedBy
        ? `The token policy of ${organization}.`
        : `${organization} has no token policy.`;
      return { value: policy, text: linesOf(policy), message };
    }),
  );
}

interface NewPolicy extends InOrganization {
  readonly longestLifetimeDays?: unknown;
  readonly expiryRequired?: true;
  readonly requiredCidr?: string[];
}

/** Replaces all of the policy. */
export async function setTokenPolicy(options: NewPolicy): Promise<Outcome> {
  const { organization, longestLifetimeDays, expiryRequired, requiredCidr } = options;
  const asked = given({ longestLifetimeDays, expiryRequired, requiredCidrs: requiredCidr });
  const input = validateInput(TokenPolicyDto, asked, 'body');
  // The service says so too; here no database is started to be told.
  if (input.requiredCidrs) readNetworks(input.requiredCidrs, 'body.requiredCidrs');
  const env = readEnv();
  return withDatabase(env, { say }, (database) =>
    asOrganization(env, database, organization, async (app) => {
      const policies = app.get(TokenPolicyService);
      await policies.replace(input, await systemUser(app.get(DataSource)));
      const policy = await policies.get();
      const { violating } = await app.get(TokenCounts).ofAll();
      const message = `Set the token policy of ${organization}. It is broken by ${count(violating, 'active token')}.`;
      return { value: policy, text: linesOf(policy), message };
    }),
  );
}

/** A line for each rule: its name and, after a tab, what it says. */
function linesOf({ longestLifetimeDays, expiryRequired, requiredCidrs }: TokenPolicyDto): string {
  return [
    `longestLifetimeDays\t${longestLifetimeDays ?? 'none'}`,
    `expiryRequired\t${expiryRequired}`,
    `requiredCidrs\t${requiredCidrs?.join(' ') ?? 'none'}`,
  ].join('\n');
}
