import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/auth/roles.js';
import { SignInLinks } from '../../src/sessions/sign-in-links.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';
import { ensurePerson } from '../../src/users/people.js';
import type { Answer, Sending } from './api.js';
import { Api } from './api.js';
import { testApp } from './app.js';
import { mintedTokens } from './minted-tokens.js';
import type { TestOrganization } from './organizations.js';

/** The console in a browser: it keeps the cookie, and says where its requests come from. Needs `useApp({ console: true })`. */
export class Browser extends Api {
  private static made = 0;
  /** As a Cookie header has it. */
  cookie?: string;
  /** Its own, where the suite's application believes X-Forwarded-For: failed sign-ins are counted by address. */
  readonly address = `198.51.100.${(Browser.made += 1) % 250}`;
  /** What it sends of itself unless a request says otherwise. */
  headers: Readonly<Record<string, string>> = {
    Origin: testApp().consoleUrl.replace('127.0.0.1', 'localhost'),
    'Sec-Fetch-Site': 'same-origin',
    'X-Forwarded-For': this.address,
  };

  /** @param base another server's URL than the suite's. */
  constructor(private readonly base?: string) {
    super();
  }

  protected override url(): string {
    return this.base ?? testApp().consoleUrl;
  }

  override async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const cookie: Record<string, string> = this.cookie === undefined ? {} : { Cookie: this.cookie };
    const answer = await super.send(method, path, {
      ...sending,
      headers: { ...this.headers, ...cookie, ...sending.headers },
    });
    const set = (answer.headers['set-cookie'] as unknown as string[] | undefined)?.[0]?.split(';')[0];
    if (set !== undefined) this.cookie = set.endsWith('=') ? undefined : set;
    if (this.cookie && set) mintedTokens.push(set.slice(set.indexOf('=') + 1));
    return answer;
  }

  signIn(secret: string): Promise<Answer> {
    return this.post('/api/session', { secret });
  }
}

interface Somebody {
  readonly role?: Role;
  readonly name?: string;
}

/** The secret of a new sign-in link; for somebody new unless they are named. */
export async function linkSecret({ org }: TestOrganization, { role, name }: Somebody = {}): Promise<string> {
  const { app, dataSource } = testApp();
  const secret = await runAsOrganization(org.id, async () => {
    const person = await ensurePerson(dataSource, { name: name ?? `Person ${randomUUID()}`, role, newRole: 'owner' });
    return (await app.get(SignInLinks).issue(person.id)).url.split('#')[1]!;
  });
  mintedTokens.push(secret);
  return secret;
}

/** A browser in which somebody has signed in. */
export async function signedIn(org: TestOrganization, somebody: Somebody = {}): Promise<Browser> {
  const browser = new Browser();
  const { status, text } = await browser.signIn(await linkSecret(org, somebody));
  if (status !== 201) throw new Error(`the sign-in failed: ${text}`);
  return browser;
}
