import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

/**
 * What the code that runs now runs for. One is made per request, before anybody is known; the guard fills in the organization
 * once the credential has been verified. Mutable on purpose: a guard cannot wrap the handler that follows it.
 */
interface TenantContext {
  organizationId?: string;
  kept?: QueryRunner;
}

const storage = new AsyncLocalStorage<TenantContext>();

/** The organization whose rows queries may see now, or undefined: then they see none. */
export function currentOrganizationId(): string | undefined {
  return storage.getStore()?.organizationId;
}

/** Runs `work` in a new context that belongs to no organization yet. */
export function runInNewContext<T>(work: () => T): T {
  return storage.run({}, work);
}

/**
 * Makes the current context one organization's.
 *
 * @throws Error when there is no context, or when it is another organization's already.
 */
export function enterOrganization(organizationId: string): void {
  const context = storage.getStore();
  if (!context) throw new Error('There is no context to enter an organization in');
  if (context.organizationId !== undefined && context.organizationId !== organizationId) {
    throw new Error('The context belongs to another organization');
  }
  context.organizationId = organizationId;
}

/** Runs `work` for one organization, e.g. on the command line, where there is no request. */
export function runAsOrganization<T>(organizationId: string, work: () => T): T {
  return storage.run({ organizationId }, work);
}

/**
 * Keeps a query runner, with its connection, for the query that follows in the same turn of the event loop; then, or when there is none,
 * it goes back to the pool. So a request's first statement needs not queue for a connection again, nor scope one that was last used
 * for another organization, and still nobody holds a connection while waiting for anything but PostgreSQL.
 */
export function keepForNextQuery(runner: QueryRunner): void {
  const context = storage.getStore() ?? {};
  void context.kept?.release();
  context.kept = runner;
  // Ticks come after all promises that are ready, and the guard and the pipes have nothing else to wait for.
  process.nextTick(() => {
    if (context.kept !== runner) return;
    context.kept = undefined;
    void runner.release();
  });
}

/** The runner that was kept for this query, if there is one. Whoever takes it releases it. */
export function takeKept(): QueryRunner | undefined {
  const context = storage.getStore();
  const runner = context?.kept;
  if (!runner) return undefined;
  context!.kept = undefined;
  return runner.isReleased ? undefined : runner;
}
