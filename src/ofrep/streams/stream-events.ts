/** The letters that name a version of an organization's flags to clients: enough of its hash to tell it from others. */
const VERSION_LENGTH = 32;

/** The version of a snapshot as tickets, events and `Last-Event-ID` have it. */
export const shortVersion = (version: string): string => version.slice(0, VERSION_LENGTH);

/**
 * The event that has an OFREP client evaluate its flags anew (ADR-0008 of the protocol), in the format of server-sent events.
 *
 * @param now milliseconds since the epoch.
 */
export function refetchEvent(version: string, now: number): Buffer {
  const data = { type: 'refetchEvaluation', etag: version, lastModified: Math.floor(now / 1000) };
  return Buffer.from(`id: ${version}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A comment, which clients drop: proxies see that the connection is used, and we hear of those that are gone. */
export const HEARTBEAT = Buffer.from(': still here\n\n');

/** Between the least and the most, in milliseconds: so that those whom a restart has cut off do not all come back at once. */
const RETRY = { least: 1_000, most: 3_000 };

/** What every stream begins with: how long the client waits before it connects again. */
export function greeting(): Buffer {
  const retry = RETRY.least + Math.floor(Math.random() * (RETRY.most - RETRY.least));
  return Buffer.from(`retry: ${retry}\n: changes of feature flags\n\n`);
}
