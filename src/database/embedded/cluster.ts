import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Account, isRoot, unprivilegedAccount } from './account.js';
import { type Binaries, copyBinaries, packagedBinaries } from './binaries.js';
import { createPrivate, readPrivate, removeAbandonedPartials, writePrivate } from './files.js';
import { initializeCluster } from './initialize.js';
import { stopUnusedPostmaster } from './lock-file.js';

export type RoleName = 'postgres' | 'kaiten_owner' | 'kaiten_app';

export const DATABASE = 'kaiten';

/** What a data directory remembers of its cluster, in `postgres.json`. The cluster exists when this file names it. */
interface ClusterFile {
  /** Relative to the data directory if it lies inside, so that it moves along; else absolute. */
  cluster: string;
  /** The port of the last start, kept while it is free. */
  port?: number;
  passwords: Record<RoleName, string>;
}

/** A PostgreSQL cluster on disk, with all that is needed to run it. */
export interface Cluster {
  dataDirectory: string;
  /** PGDATA. */
  directory: string;
  binaries: Binaries;
  /** Whom PostgreSQL runs as; undefined for the account of this process. */
  account?: Account;
  port?: number;
  passwords: Record<RoleName, string>;
}

/** Where root keeps clusters: the account PostgreSQL runs under can enter neither /root nor a private data directory. */
const ROOT_STATE = '/var/lib/kaiten-server';

export function rootStateOf(dataDirectory: string): string {
  return join(ROOT_STATE, createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16));
}

export async function openCluster(options: {
  dataDirectory: string;
  create: boolean;
  log: (message: string) => void;
}): Promise<{ cluster: Cluster; created: boolean }> {
  const dataDirectory = await prepareDataDirectory(options.dataDirectory, options.create);
  await removeAbandonedPartials(dataDirectory);
  const existing = await readPrivate<ClusterFile>(clusterFilePath(dataDirectory));
  if (existing) return { cluster: await locate(dataDirectory, existing, options.log), created: false };
  if (!options.create) {
    throw new Error(`There is no database in ${dataDirectory} yet. Start the server once, or check KAITEN_DATA_DIR.`);
  }
  return createCluster(dataDirectory, options.log);
}

/** Remembers the port for the next start. */
export async function rememberPort(cluster: Cluster, port: number): Promise<void> {
  if (cluster.port === port) return;
  cluster.port = port;
  const path = clusterFilePath(cluster.dataDirectory);
  const file = await readPrivate<ClusterFile>(path);
  if (file) await writePrivate(path, { ...file, port });
}

async function prepareDataDirectory(path: string, create: boolean): Promise<string> {
  const absolute = resolve(path);
  if (create) await mkdir(absolute, { recursive: true, mode: 0o700 });
  try {
    return await realpath(absolute);
  } catch {
    throw new Error(`There is no data directory ${absolute}. Start the server once, or check KAITEN_DATA_DIR.`);
  }
}

async function createCluster(
  dataDirectory: string,
  log: (message: string) => void,
): Promise<{ cluster: Cluster; created: boolean }> {
  const account = isRoot() ? unprivilegedAccount() : undefined;
  const base = await prepareBase(dataDirectory, account);
  await removeAbandonedPartials(base);
  const packaged = await packagedBinaries();
  const binaries = account ? await copyBinaries(packaged, base) : packaged;
  const name = `${parseInt(packaged.version)}-${randomBytes(4).toString('hex')}`;
  const directory = join(base, name);
  const passwords = { postgres: newPassword(), kaiten_owner: newPassword(), kaiten_app: newPassword() };

  log(`Creating the database in ${directory}${account ? `, to run as "${account.name}" since this is root` : ''}`);
  await initializeCluster({ directory, base, binaries, account, passwords });
  if (account) await writePrivate(ownerFilePath(directory), { dataDirectory });

  const file: ClusterFile = { cluster: account ? directory : join('postgres', name), passwords };
  if (!(await createPrivate(clusterFilePath(dataDirectory), file))) {
    // Somebody else's first start was sooner, and theirs is the cluster that counts.
    await rm(directory, { recursive: true, force: true });
    await rm(ownerFilePath(directory), { force: true });
    return openCluster({ dataDirectory, create: false, log });
  }
  await reportReplaced(base, directory, dataDirectory, log);
  return { cluster: { dataDirectory, directory, binaries, account, passwords }, created: true };
}

async function prepareBase(dataDirectory: string, account: Account | undefined): Promise<string> {
  if (!account) {
    const base = join(dataDirectory, 'postgres');
    await mkdir(base, { recursive: true, mode: 0o700 });
    return base;
  }
  const base = rootStateOf(dataDirectory);
  for (const directory of [ROOT_STATE, base]) {
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o755); // Whatever the umask is: the account has to pass through.
  }
  return base;
}

async function locate(dataDirectory: string, file: ClusterFile, log: (message: string) => void): Promise<Cluster> {
  const outside = isAbsolute(file.cluster);
  const directory = resolve(dataDirectory, file.cluster);
  const owner = await stat(directory).catch(() => undefined);
  if (!owner) {
    throw new Error(
      `The database ${directory} is gone. Restore it from a backup, or remove ${clusterFilePath(dataDirectory)} ` +
        'to start with an empty one.',
    );
  }
  if (isRoot() ? owner.uid === 0 : owner.uid !== process.geteuid?.()) {
    throw new Error(
      `The database ${directory} belongs to user id ${owner.uid}; this process has ${process.geteuid?.()}.`,
    );
  }
  if (outside) await confirmOwnership(directory, dataDirectory, log);
  await removeAbandonedPartials(dirname(directory));

  const account = isRoot() ? { uid: owner.uid, gid: owner.gid } : undefined;
  const packaged = await packagedBinaries();
  const base = outside ? dirname(directory) : await prepareBase(dataDirectory, account);
  const binaries = account ? await copyBinaries(packaged, base) : packaged;
  return { dataDirectory, directory, binaries, account, port: file.port, passwords: file.passwords };
}

/**
 * A cluster outside its data directory does not move or multiply with it. When the data directory was moved, the cluster
 * follows; a copy must not share the cluster of the original.
 */
async function confirmOwnership(directory: string, dataDirectory: string, log: (message: string) => void) {
  const recorded = (await readPrivate<{ dataDirectory: string }>(ownerFilePath(directory)))?.dataDirectory;
  if (recorded === dataDirectory) return;
  const other = recorded && (await readPrivate<ClusterFile>(clusterFilePath(recorded)));
  if (other && other.cluster === directory) {
    throw new Error(
      `${dataDirectory} is a copy of ${recorded}, and its database ${directory} was not copied along. ` +
        `Remove ${clusterFilePath(dataDirectory)} to start with an empty one.`,
    );
  }
  log(`The data directory has moved from ${recorded ?? 'an unknown place'}; its database stays in ${directory}`);
  await writePrivate(ownerFilePath(directory), { dataDirectory });
}

/**
 * When a data directory was deleted and begins anew, a cluster outside of it is still there; when only its postgres.json
 * was, one inside is. That is for a human to decide about, and until then it need not run.
 */
async function reportReplaced(
  base: string,
  current: string,
  dataDirectory: string,
  log: (message: string) => void,
): Promise<void> {
  for (const name of await readdir(base)) {
    const directory = join(base, name);
    if (!/^\d+-[0-9a-f]+$/.test(name) || directory === current) continue;
    const owner = await readPrivate<{ dataDirectory: string }>(ownerFilePath(directory));
    if (isRoot() && owner?.dataDirectory !== dataDirectory) continue; // It went elsewhere with its data directory.
    await stopUnusedPostmaster(directory);
    log(`An earlier database of this data directory is still in ${directory}; delete it if it is no longer wanted`);
  }
}

function clusterFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'postgres.json');
}

/** Beside the cluster, whose own folder belongs to PostgreSQL. */
function ownerFilePath(directory: string): string {
  return `${directory}.json`;
}

/** 192 random bits in an alphabet that needs no escaping, neither in a URL nor in SQL. */
function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
