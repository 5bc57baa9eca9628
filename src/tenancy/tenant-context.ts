import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What the code that runs now runs for. One is made per request, before anybody is known; the guard fills in the organization
 * once the credential has been verified. Mutable on purpose: a guard cannot wrap the handler that follows it.
 */
interface TenantContext {
  organizationId?: string;
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
