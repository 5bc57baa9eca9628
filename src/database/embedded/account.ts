import { readFileSync } from 'node:fs';

/** Whom PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

export interface NamedAccount extends Account {
  name: string;
}

/** Best first: PostgreSQL's own account if some package made one, else whatever is meant for work without privileges. */
const PREFERRED = ['postgres', '_postgres', 'nobody', 'daemon'];

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * Picks the account for PostgreSQL, which refuses to run as root. It must be a real one (initdb looks its name up), and
 * none is created, because a server has no business changing the machine's accounts.
 */
export function unprivilegedAccount(passwd = readFileSync('/etc/passwd', 'utf8')): NamedAccount {
  const accounts = parsePasswd(passwd);
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account) return account;
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and none of the accounts ${PREFERRED.join(', ')} exists. ` +
      'Create one of them, or run the server as an ordinary user.',
  );
}

function parsePasswd(passwd: string): NamedAccount[] {
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
