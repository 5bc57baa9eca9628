import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, Repository } from 'typeorm';
import { DataSource } from 'typeorm';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Author } from '../database/authored.entity.js';
import { AUTHORSHIP, authoredBy, updatedBy } from '../database/authored.entity.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { insertRow } from '../database/insert-row.js';
import { prepared } from '../database/prepared-client.js';
import { entityTag, heldBy, satisfiesIfMatch } from '../http/entity-tags.js';
import { validationFailed } from '../http/problem.js';
import { isUuid } from '../http/uuid.js';
import type { ResourceReader } from '../lists/resource-reader.js';
import { ResourceReaders } from '../lists/resource-readers.js';
import type { ResourceDefinition, RowSql } from '../lists/resource.js';
import { insertWithSlug } from '../slugs/slug.js';
import type { FeatureFlagCountsDto, FeatureFlagPageDto } from './dto/feature-flag-page.dto.js';
import { FeatureFlagDto } from './dto/feature-flag.dto.js';
import type { ListFeatureFlagsQuery } from './dto/list-feature-flags.query.js';
import { FeatureFlag } from './feature-flag.entity.js';
import {
  featureFlagChanged,
  featureFlagNotFound,
  featureFlagRulesTooLarge,
  featureFlagSlugTaken,
  featureFlagsTooLarge,
  tooManyFeatureFlags,
} from './feature-flags.errors.js';
import { FlagChanges } from './flag-changes.js';
import type { StoredRules } from './flag-definition.js';
import { storeRules } from './flag-definition.js';
import { LARGEST_FLAGS, MOST_FLAGS, MOST_RULE_SYMBOLS } from './limits.js';
import { judgeIds } from './variant-identity.js';

/** What a request may say of a flag. */
export type FeatureFlagInput = Omit<
  FeatureFlagDto,
  'id' | 'createdBy' | 'createdAt' | 'updatedBy' | 'updatedAt' | 'evaluationsLastHour'
>;

const isSlugTaken = (error: unknown): boolean => isUniqueViolation(error, 'feature_flags_slug_key');

@Injectable()
export class FeatureFlagsService {
  private readonly reader: ResourceReader<FeatureFlag>;
  /** The same rows with how often they were evaluated, where that is counted. */
  private readonly counted: ResourceReader<FeatureFlag>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: FlagChanges,
    @Inject(ENV) { flagEvaluationCounts }: Env,
    readers: ResourceReaders,
  ) {
    const definition: ResourceDefinition<FeatureFlag> = {
      entity: FeatureFlag,
      notFound: featureFlagNotFound,
      actors: AUTHORSHIP,
      sort: ['name', 'createdAt', 'updatedAt', 'slug'],
      bytes: (row) => `${row}.document_bytes`,
    };
    this.reader = readers.for(definition);
    this.counted = flagEvaluationCounts
      ? readers.for({ ...definition, computed: { evaluationsLastHour } })
      : this.reader;
  }

  /** Only a first page has counts. */
  async list(query: ListFeatureFlagsQuery): Promise<FeatureFlagPageDto> {
    const filters = { enabled: query.enabled === undefined ? undefined : String(query.enabled) };
    const page = await this.counted.list(query, FeatureFlagDto.from, { filters });
    if (query.cursor !== undefined) return page;
    const [counts] = await this.dataSource.query<FeatureFlagCountsDto[]>(COUNT_SWITCHES);
    return { ...page, counts };
  }

  /** @param reference slug or id. @throws Problem 404 */
  get(reference: string): Promise<FeatureFlag> {
    return this.reader.get(reference);
  }

  find(reference: string): Promise<FeatureFlag | undefined> {
    return this.reader.find(reference);
  }

  /** @throws Problem 409 when the given slug is taken, or when there are as many flags, or as large ones, as there may be. */
  async create(input: FeatureFlagInput, author: Author): Promise<FeatureFlag> {
    const values = { ...writable(input), ...storeRules(input), ...authoredBy(author) };
    const created = await insertWithSlug({
      given: input.slug,
      name: input.name,
      insert: (slug) =>
        this.dataSource.transaction(async (manager) => {
          // One at a time, so that what was counted still holds when the row is there.
          await manager.query(LOCK);
          const [row] = await manager.query<{ flags: number; isSaltTaken: boolean }[]>(COUNT, [slug]);
          if (row!.flags >= MOST_FLAGS) throw tooManyFeatureFlags();
          const flag = { ...values, slug, salt: row!.isSaltTaken ? saltBeside(slug) : slug };
          const created = await insertRow(manager, FeatureFlag, flag);
          await this.assertSpace(manager, created.id, NO_SPACE);
          return created;
        }),
      isTaken: isSlugTaken,
      conflict: featureFlagSlugTaken,
    });
    this.changes.committed();
    return created;
  }

  /**
   * Replaces all that is given; the slug stays when it is left out, and the salt always.
   *
   * @param ifMatch the request's If-Match, if it has one. @returns the new version.
   * @throws Problem 404, 409 when the given slug is taken or the flags get too large, 412 when `ifMatch` names other versions only, 422 for ids of no variant.
   */
  async replace(reference: string, input: FeatureFlagInput, author: Author, ifMatch?: string): Promise<string> {
    try {
      const replaced = await this.dataSource.transaction(async (manager) => {
        await manager.query(LOCK);
        const before = await this.lock(reference, manager);
        if (!satisfiesIfMatch(ifMatch, entityTag(before.version))) throw featureFlagChanged();
        const errors = judgeIds(input.variants ?? [], before, 'body.variants');
        if (errors.length > 0) throw validationFailed(errors);
        const flag = { ...writable(input), ...storeRules(input, before), ...(input.slug && { slug: input.slug }) };
        await manager.update(FeatureFlag, before.id, { ...flag, ...updatedBy(author) } as Changes);
        await this.assertSpace(manager, before.id, before);
        const [after] = await manager.query<{ version: string }[]>(VERSION, [before.id]);
        return after!.version;
      });
      this.changes.committed();
      return replaced;
    } catch (error) {
      throw isSlugTaken(error) ? featureFlagSlugTaken(input.slug!) : error;
    }
  }

  /** @throws Problem 404, 412 when `ifMatch` names other versions only. */
  async remove(reference: string, ifMatch?: string): Promise<void> {
    const flag = await this.get(reference);
    if (!satisfiesIfMatch(ifMatch, entityTag(flag.version))) throw featureFlagChanged();
    const { affected } = await this.dataSource.manager.delete(FeatureFlag, heldBy(ifMatch, flag));
    if (affected === 0) throw (await this.find(flag.id)) ? featureFlagChanged() : featureFlagNotFound(reference);
    this.changes.committed();
  }

  /**
   * Asserts that all flags have room with one that was written. One that has become no larger is let through, so that whoever is beyond a limit can
   * change flags, and switch them off.
   *
   * @param before what the flag took then. @throws Problem 409
   */
  private async assertSpace(manager: EntityManager, id: string, before: Space): Promise<void> {
    const [row] = await manager.query<{ all: Space; own: Space }[]>(SPACE, [id]);
    const { all, own } = row!;
    if (all.bytes > LARGEST_FLAGS && own.bytes > before.bytes) throw featureFlagsTooLarge();
    if (all.symbols > MOST_RULE_SYMBOLS && own.symbols > before.symbols) throw featureFlagRulesTooLarge();
  }

  /** Nobody else changes the row before the transaction ends. */
  private async lock(reference: string, manager: EntityManager): Promise<LockedFlag> {
    const [row] = await manager.query<LockedFlag[]>(isUuid(reference) ? LOCK_BY_ID : LOCK_BY_SLUG, [reference]);
    if (!row) throw featureFlagNotFound(reference);
    return row;
  }
}

type Changes = Parameters<Repository<FeatureFlag>['update']>[1];
type LockedFlag = StoredRules & Space & Pick<FeatureFlag, 'id' | 'version'>;

/** What flags take: bytes of their documents, and words and signs of their rules. */
interface Space {
  readonly bytes: number;
  readonly symbols: number;
}

const NO_SPACE: Space = { bytes: 0, symbols: 0 };

function writable(
  input: FeatureFlagInput,
): Pick<FeatureFlag, 'name' | 'description' | 'type' | 'enabled' | 'eventName' | 'metadata'> {
  const { name, description, type, enabled, event_name: eventName, metadata } = input;
  return { name, description, type, enabled, eventName, metadata };
}

/**
 * For a flag under a slug that another one had first: with that one's salt, the two would give the same users the same shares. No slug
 * has a colon, so it is the salt of no third one.
 */
const saltBeside = (slug: string): string => `${slug}:${randomUUID()}`;

/** The counts' module depends on this one, hence the name of its table. Through the primary key, of which it reads an hour. */
const evaluationsLastHour: RowSql = (flag) =>
  `(SELECT coalesce(sum(count), 0)::float8 FROM flag_evaluations
    WHERE flag_id = ${flag}.id AND started_at >= statement_timestamp() - interval '1 hour')`;

const COUNT_SWITCHES = prepared(
  `SELECT (count(*) FILTER (WHERE enabled))::int AS enabled, (count(*) FILTER (WHERE NOT enabled))::int AS disabled,
     (count(*) FILTER (WHERE EXISTS (SELECT FROM flag_evaluations WHERE flag_id = feature_flags.id)))::int AS evaluated FROM feature_flags`,
);
const LOCK = prepared(
  `SELECT pg_advisory_xact_lock(hashtextextended('feature flags ' || current_organization_id(), 0))`,
);
const COUNT = prepared(
  `SELECT (SELECT count(*)::int FROM feature_flags) AS flags,
     EXISTS (SELECT FROM feature_flags WHERE salt = $1) AS "isSaltTaken"`,
);
const SPACE = prepared(
  `SELECT (SELECT json_build_object('bytes', sum(document_bytes), 'symbols', sum(rule_symbols)) FROM feature_flags) AS all,
     json_build_object('bytes', document_bytes, 'symbols', rule_symbols) AS own FROM feature_flags WHERE id = $1`,
);
const LOCKED = `SELECT id, version, variants, variant_order AS "variantOrder", default_variant AS "defaultVariant", targetings,
  document_bytes AS bytes, rule_symbols AS symbols FROM feature_flags`;
const LOCK_BY_ID = prepared(`${LOCKED} WHERE id = $1 FOR UPDATE`);
const LOCK_BY_SLUG = prepared(`${LOCKED} WHERE slug = $1 FOR UPDATE`);
const VERSION = prepared(`SELECT version FROM feature_flags WHERE id = $1`);
