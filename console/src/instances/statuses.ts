import type { components } from '../api/schema';

export type Status = NonNullable<components['schemas']['PatchInstanceBody']['status']>;

export const STATUSES = ['HEALTHY', 'DEGRADED', 'INCIDENT', 'MAINTENANCE'] as const satisfies readonly Status[];

export const isStatus = (text: unknown): text is Status => STATUSES.includes(text as Status);
