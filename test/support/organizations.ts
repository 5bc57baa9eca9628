import { randomUUID } from 'node:crypto';
import type { GrantedScope } from '../../src/auth/scopes.js';
import { createOrganization, systemUser } from '../../src/organizations/organizations.js';
import type { Organization } from '../../src/organizations/organizations.js';
import { ServiceAccountsService } from '../../src/service-accounts/service-accounts.service.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';
import { TokenMint } from '../../src/tokens/token-mint.js';
import { Api } from './api.js';
import { testApp } from './app.js';
import { mintedTokens } from './minted-tokens.js';

export interface TestOrganization {
  readonly org: Organization;
  /** Speaks as a token with the given scopes, all unless said otherwise. */
  readonly api: Api;
  readonly account: { readonly id: string; readonly slug: string; readonly name: string };
  /** A client with another token of the same organization. */
  as(...scopes: GrantedScope[]): Promise<Api>;
}

/** A new organization with a service account and a token. */
export async function anOrg(...scopes: GrantedScope[]): Promise<TestOrganization> {
  const { app, owner, dataSource } = testApp();
  const org = await createOrganization(owner, { name: `Org ${randomUUID()}` });
  const account = await runAsOrganization(org.id, async () =>
    app.get(ServiceAccountsService).create({ name: 'my-app-backend' }, await systemUser(dataSource)),
  );
  const as = async (...granted: GrantedScope[]): Promise<Api> => new Api(await mint(org, account.id, granted));
  return { org, account, as, api: await as(...(scopes.length > 0 ? scopes : (['write:*'] as const))) };
}

/** Mints a token as the operator does. */
export async function mint(
  org: Organization,
  accountId: string,
  scopes: readonly GrantedScope[],
  expiresAt?: Date,
): Promise<string> {
  const { app, dataSource } = testApp();
  const { token } = await runAsOrganization(org.id, async () =>
    app
      .get(TokenMint)
      .create(
        accountId,
        { name: `token ${randomUUID()}`, scopes: [...scopes], expiresAt },
        await systemUser(dataSource),
      ),
  );
  mintedTokens.push(token);
  return token;
}
