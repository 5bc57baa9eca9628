import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Scopes } from '../auth/access.js';
import { prepared } from '../database/prepared-client.js';
import { Operation } from '../http/operations.js';
import type { ManifestSource } from './manifest.dto.js';
import { ManifestEnvelopeDto, ManifestFlagDto } from './manifest.dto.js';
import { FALLBACK_VALUE } from './served-flag.js';

const FLAGS = prepared(
  `SELECT slug, name, description, type, metadata, variants FROM feature_flags
   WHERE metadata -> '${FALLBACK_VALUE}' IS NOT NULL ORDER BY slug COLLATE "C"`,
);

/** What OpenFeature's command line makes code of. */
@ApiTags('ofrep')
@Controller('openfeature/v0/manifest')
export class ManifestController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Header('X-Manifest-Capabilities', 'read')
  @Scopes('read:feature_flags')
  @Operation({
    id: 'get-openfeature-manifest',
    summary: 'List feature flags for code generators',
    description: 'Those whose metadata has a `fallback_value`. For `openfeature pull`.',
    status: 200,
    answer: ManifestEnvelopeDto,
  })
  async get(): Promise<ManifestEnvelopeDto> {
    const flags = await this.dataSource.query<ManifestSource[]>(FLAGS);
    return { flags: flags.map(ManifestFlagDto.from) };
  }
}
