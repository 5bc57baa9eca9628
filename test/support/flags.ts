import type { Answer, Api, Sending } from './api.js';

export const FLAGS = '/api/ofrep/v1/evaluate/flags';

/** A boolean flag that is off unless `given` says otherwise. */
export const flagBody = (slug: string, given: object = {}): Record<string, unknown> => ({
  name: slug,
  slug,
  description: null,
  type: 'boolean',
  enabled: true,
  event_name: slug,
  metadata: {},
  variants: [
    { name: 'on', description: '', value: true },
    { name: 'off', description: '', value: false },
  ],
  default_variant: { type: 'basic', value: 'off' },
  targetings: [],
  ...given,
});

/** Creates a flag. @returns its id */
export async function createFlag(api: Api, slug: string, given?: object): Promise<string> {
  const { status, text, body } = await api.post('/api/feature-flags', flagBody(slug, given));
  if (status !== 201) throw new Error(`POST /api/feature-flags: ${text}`);
  return (body as { id: string }).id;
}

export async function replaceFlag(api: Api, slug: string, given?: object): Promise<void> {
  const { status, text } = await api.put(`/api/feature-flags/${slug}`, flagBody(slug, given));
  if (status !== 204) throw new Error(`PUT /api/feature-flags/${slug}: ${text}`);
}

/** A targeting that gives `variant` where the rule holds. */
export const when = (rule: string, variant = 'on'): object => ({
  type: 'basic',
  name: rule.slice(0, 255),
  rule,
  variant,
});

export const evaluateOne = (api: Api, slug: string, context: object = {}, sending?: Sending): Promise<Answer> =>
  api.post(`${FLAGS}/${slug}`, { context }, sending);

export const evaluateAll = (api: Api, context: object = {}, headers?: Record<string, string>): Promise<Answer> =>
  api.post(FLAGS, { context }, { headers });

/** Slug -> value of the flags of a bulk answer. */
export function valuesOf({ body }: Answer): Record<string, unknown> {
  const flags = (body as { flags: { key: string; value: unknown }[] }).flags;
  return Object.fromEntries(flags.map(({ key, value }) => [key, value]));
}
