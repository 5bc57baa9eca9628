import { expect } from '@jest/globals';
import type { FeatureFlagInput } from '../../src/feature-flags/feature-flags.service.js';
import type { Api } from './api.js';

/** What a request says of a flag; any field may be something else, to see that it is refused. */
export type FlagBody = { [Field in keyof FeatureFlagInput]?: unknown };

/** A flag that is off for everybody. */
export const SWITCH: FlagBody = {
  name: 'Switch',
  description: null,
  type: 'boolean',
  enabled: true,
  event_name: 'switch_evaluated',
  metadata: {},
  variants: [
    { name: 'on', description: '', value: true },
    { name: 'off', description: '', value: false },
  ],
  default_variant: { type: 'basic', value: 'off' },
  targetings: [],
};

const STEP = { variant: 'on', percentage: 5, date: '2026-01-01T00:00:00Z' };

/** The strategies besides `basic`, of a flag or, with a name and a rule, of a targeting. */
export const STRATEGIES = [
  { type: 'rollout_date', start: STEP, end: STEP },
  { type: 'rollout_percentage', distribution: { on: 1 } },
];

/** A variant of a text flag, by its name. */
export const text = (name: string): object => ({ name, description: '', value: `value of ${name}` });

/** Makes a flag and returns what was answered. @throws Error when it is refused. */
export async function createFlag(api: Api, fields: FlagBody = {}): Promise<any> {
  const { status, body, text: answer } = await api.post('/api/feature-flags', { ...SWITCH, ...fields });
  if (status !== 201) throw new Error(answer);
  return body;
}

/** Parts of flags. What they are made of may be anything. */
export const variant = (name: unknown, value: unknown, description: unknown = ''): object => ({
  name,
  value,
  description,
});
export const targeting = (name: string, rule = 'true', of: unknown = 'on'): object => ({
  type: 'basic',
  name,
  rule,
  variant: of,
});
export const step = (of: unknown, percentage: unknown = 0, date: unknown = '2026-01-01T00:00:00Z'): object => ({
  variant: of,
  percentage,
  date,
});
export const dates = (start: object, end: object): object => ({ type: 'rollout_date', start, end });
export const shares = (distribution: unknown): object => ({ type: 'rollout_percentage', distribution });

/**
 * What a refusal of a flag says, as locations with messages; and that of a PUT is the same.
 *
 * @param there slug of a flag to replace.
 */
export async function errorsOf(api: Api, there: string, fields: FlagBody): Promise<[string, string][]> {
  const body = { ...SWITCH, ...fields };
  const created = await api.post('/api/feature-flags', body);
  const replaced = await api.put(`/api/feature-flags/${there}`, body);
  expect([created.status, created.body.code]).toEqual([422, 'VALIDATION_FAILED']);
  expect([replaced.status, replaced.body.errors]).toEqual([422, created.body.errors]);
  return created.body.errors.map(({ location, message }: Record<string, string>) => [location, message]);
}
