import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.js';

/**
 * Who uses an embedded cluster is settled by advisory locks in it: the database lets go of them when their holder dies,
 * however it dies, and grants them to one session at a time.
 */
const NAMESPACE = 0x6b61; // Our half of the key space; the other half says which lock.
const IN_USE = 1; // Shared by all who use the cluster; exclusive for whoever stops it.
const SERVING = 2; // The one server of the data directory.

const SERVER_NAME = 'kaiten-server';

/** An application name by which the holder of a lock can be told. */
export function sessionName(): string {
  return `${SERVER_NAME} ${process.pid}`;
}

/** Keeps others from stopping the cluster for as long as this session lives. */
export async function claimUse(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock_shared($1, $2)', [NAMESPACE, IN_USE]);
}

/** Makes this session the server's, or tells the process id of the server that there is (0 if that can't be told). */
export async function claimServing(client: pg.Client): Promise<{ ours: boolean; pid: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS ours', [NAMESPACE, SERVING]);
    if (rows[0].ours) return { ours: true, pid: process.pid };
    const pid = await servingPid(client);
    // The database takes a moment to notice that the process at the other end was killed.
    if (attempt === 20 || (pid && isAlive(pid))) return { ours: false, pid };
    await sleep(100);
  }
}

/** Gives up the use of the cluster. True if nobody else uses it; then nobody can begin to until this session ends. */
export async function releaseUse(client: pg.Client): Promise<boolean> {
  // Released first, because of two that both hold it shared neither would get it exclusively.
  await client.query('SELECT pg_advisory_unlock_shared($1, $2)', [NAMESPACE, IN_USE]);
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS last', [NAMESPACE, IN_USE]);
  return rows[0].last;
}

async function servingPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted`,
    [NAMESPACE, SERVING],
  );
  return Number(rows[0]?.application_name.slice(SERVER_NAME.length)) || 0;
}
