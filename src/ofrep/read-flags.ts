import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import type { FlagDefinition } from '../flag-evaluation/definition.js';
import type { FlagRow } from './flag-snapshot.js';

const FLAGS = prepared(
  `SELECT id, slug, salt, type, enabled, metadata, variants, default_variant AS "defaultVariant", targetings, version,
     length(metadata::text) + length(variants::text) + length(default_variant::text) + length(targetings::text) AS length,
     rule_symbols AS "ruleSymbols"
   FROM feature_flags`,
);

/** All flags of the current organization. */
export async function readFlags(dataSource: DataSource): Promise<FlagRow[]> {
  const rows = await dataSource.query<(FlagDefinition & Omit<FlagRow, 'definition'>)[]>(FLAGS);
  return rows.map(({ length, ruleSymbols, ...definition }) => ({ definition, length, ruleSymbols }));
}
