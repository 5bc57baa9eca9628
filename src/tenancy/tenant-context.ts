import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';

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

/** How many things are under way that may ask for their context. */
let underWay = 0;

/**
 * Keeps contexts while something is under way in one. Without, there are none: up to Node 22 they are handed on by hooks to everything that is
 * asynchronous, which takes more than a tenth of the time of requests that need no context, since they are answered from memory. Whoever asks
 * for a context after its end has none, and sees no rows.
 *
 * @returns ends it; once is enough.
 */
export function holdContexts(): () => void {
  let isHeld = true;
  underWay += 1;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    underWay -= 1;
    if (underWay === 0) storage.disable();
  };
}

/** How many things are under way that were said to be; 0 when all is done. */
export function heldContexts(): number {
  return underWay;
}

/** Runs `work` in a new context that belongs to no organization yet. It ends with the work, or with the last that is held. */
export function runInNewContext<T>(work: () => T): T {
  return runIn({}, work);
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
  return runIn({ organizationId }, work);
}

function runIn<T>(context: TenantContext, work: () => T): T {
  const release = holdContexts();
  let result: T | undefined;
  try {
    return (result = storage.run(context, work));
  } finally {
    if (isPromise(result)) result.then(release, release);
    else release();
  }
}
