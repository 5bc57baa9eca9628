import { describe, expect, it } from '@jest/globals';
import { unprivilegedAccount } from './account.js';

const root = 'root:x:0:0:root:/root:/bin/bash';
const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
const postgres = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash';

describe('unprivilegedAccount', () => {
  it("prefers PostgreSQL's own account", () => {
    expect(unprivilegedAccount([root, nobody, postgres].join('\n'))).toEqual({ name: 'postgres', uid: 101, gid: 104 });
  });

  it('falls back on nobody', () => {
    expect(unprivilegedAccount([root, nobody, ''].join('\n'))).toEqual({ name: 'nobody', uid: 65534, gid: 65534 });
  });

  it('reads the negative ids of macOS', () => {
    const passwd = '##\n# User Database\n##\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n';
    expect(unprivilegedAccount(passwd)).toEqual({ name: 'nobody', uid: -2, gid: -2 });
  });

  it('never picks an account that is root by another name', () => {
    expect(unprivilegedAccount(`postgres:x:0:0::/:/bin/sh\n${nobody}`).name).toBe('nobody');
  });

  it('says what to do when there is none', () => {
    expect(() => unprivilegedAccount(root)).toThrow(/refuses to run as root.*Create one of them/);
  });
});
