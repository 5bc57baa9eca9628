import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { partialPath } from './files.js';
import { run } from './run.js';

interface NewCluster {
  /** Where the cluster is to be; it appears there complete or not at all. */
  directory: string;
  /** A directory on the same file system, for the work in progress. */
  base: string;
  binaries: Binaries;
  account?: Account;
  passwords: { postgres: string; kaiten_owner: string; kaiten_app: string };
}

/** Makes a cluster with the two roles and the database. */
export async function initializeCluster(options: NewCluster): Promise<void> {
  const { binaries, account, passwords } = options;
  const partial = partialPath(options.base);
  const directory = join(partial, 'cluster');
  const passwordFile = join(partial, 'password');
  await mkdir(partial, { mode: 0o700 });
  try {
    await writeFile(passwordFile, passwords.postgres, { mode: 0o600 });
    if (account) {
      await chown(passwordFile, account.uid, account.gid);
      await chown(partial, account.uid, account.gid);
    }
    await run(binaries, 'initdb', {
      account,
      arguments: [
        ...['-D', directory, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
    });
    await rm(passwordFile);
    await runSql(options, directory, 'postgres', serverStatements(passwords));
    await runSql(options, directory, 'kaiten', databaseStatements);
    await rename(directory, options.directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function serverStatements(passwords: NewCluster['passwords']): string[] {
  const nothingElse = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  return [
    `CREATE ROLE kaiten_owner LOGIN ${nothingElse} PASSWORD '${passwords.kaiten_owner}'`,
    `CREATE ROLE kaiten_app LOGIN ${nothingElse} PASSWORD '${passwords.kaiten_app}'`,
    'CREATE DATABASE kaiten OWNER kaiten_owner',
    // The application role gets no TEMP: it could put tables of its own ahead of others in a search path.
    'REVOKE ALL ON DATABASE kaiten FROM PUBLIC',
    'GRANT CONNECT ON DATABASE kaiten TO kaiten_app',
    'REVOKE ALL ON DATABASE postgres FROM PUBLIC',
    'REVOKE ALL ON DATABASE template1 FROM PUBLIC',
  ];
}

const databaseStatements = [
  'ALTER SCHEMA public OWNER TO kaiten_owner',
  'REVOKE ALL ON SCHEMA public FROM PUBLIC',
  'GRANT USAGE ON SCHEMA public TO kaiten_app',
  'ALTER DEFAULT PRIVILEGES FOR ROLE kaiten_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC',
];

/**
 * Runs statements in PostgreSQL's single-user mode: no server, no port and no other session, and the cluster is shut
 * down cleanly when it ends. Statements travel through a pipe, and a failed one is not repeated in the message, since
 * some of them hold passwords.
 */
async function runSql(options: NewCluster, directory: string, database: string, statements: string[]): Promise<void> {
  const settings = ['exit_on_error=true', 'log_min_error_statement=panic', 'log_checkpoints=off'];
  await run(options.binaries, 'postgres', {
    account: options.account,
    arguments: ['--single', '-D', directory, ...settings.flatMap((setting) => ['-c', setting]), database],
    input: statements.join('\n') + '\n',
  });
}
