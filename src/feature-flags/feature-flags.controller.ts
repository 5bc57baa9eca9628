import { Controller, Delete, Get, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { entityTag } from '../http/entity-tags.js';
import { IfMatch } from '../http/if-match.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { QueryParams } from '../http/query.js';
import { FeatureFlagPageDto } from './dto/feature-flag-page.dto.js';
import { FeatureFlagDto } from './dto/feature-flag.dto.js';
import { ListFeatureFlagsQuery } from './dto/list-feature-flags.query.js';
import { EXAMPLE_VARIANTS } from './dto/variant.dto.js';
import {
  featureFlagChanged,
  featureFlagNotFound,
  featureFlagSlugTaken,
  featureFlagsTooLarge,
  tooManyFeatureFlags,
} from './feature-flags.errors.js';
import { FeatureFlagsService } from './feature-flags.service.js';

const EXAMPLE = { variants: EXAMPLE_VARIANTS };
const NOT_FOUND = featureFlagNotFound('new-checkout');

@ApiTags('featureflags')
@Controller('feature-flags')
export class FeatureFlagsController {
  constructor(private readonly flags: FeatureFlagsService) {}

  @Get()
  @Scopes('read:feature_flags')
  @Operation({
    id: 'get-feature-flags',
    summary: 'List feature flags',
    description:
      'A page of large flags ends early, at some 4 MiB: `hasMore` says whether there is another. The first page of a walk has the counts.',
    status: 200,
    answer: FeatureFlagPageDto,
    input: 'query',
  })
  list(@QueryParams() query: ListFeatureFlagsQuery): Promise<FeatureFlagPageDto> {
    return this.flags.list(query);
  }

  @Post()
  @Scopes('write:feature_flags')
  @Operation({
    id: 'create-feature-flag',
    summary: 'Create a feature flag',
    description: 'Rules are checked as by `POST /feature-flags/targeting/lint`.',
    status: 201,
    answer: FeatureFlagDto,
    input: 'body',
    requestExample: EXAMPLE,
    problems: [featureFlagSlugTaken('new-checkout'), tooManyFeatureFlags(), featureFlagsTooLarge()],
  })
  async create(@JsonBody() input: FeatureFlagDto, @CurrentPrincipal() principal: Principal): Promise<FeatureFlagDto> {
    return FeatureFlagDto.from(await this.flags.create(input, principal));
  }

  @Get(':featureFlagSlug')
  @Scopes('read:feature_flags')
  @Operation({
    id: 'get-feature-flag',
    summary: 'Get a feature flag by slug or id',
    status: 200,
    answer: FeatureFlagDto,
    headers: ['ETag'],
    problems: [NOT_FOUND],
  })
  async get(
    @Param('featureFlagSlug') reference: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FeatureFlagDto> {
    const flag = await this.flags.get(reference);
    response.setHeader('ETag', entityTag(flag.version));
    return FeatureFlagDto.from(flag);
  }

  @Put(':featureFlagSlug')
  @Scopes('write:feature_flags')
  @Operation({
    id: 'update-feature-flag',
    summary: 'Replace a feature flag',
    description:
      'The slug stays when it is left out. A variant is known by the `id` that is echoed, else by its name; where no ids are echoed, a new name at the place of one that is gone renames that one. Variants that stay keep their users.',
    status: 204,
    headers: ['ETag'],
    input: 'body',
    requestExample: EXAMPLE,
    problems: [NOT_FOUND, featureFlagSlugTaken('old-checkout'), featureFlagsTooLarge(), featureFlagChanged()],
  })
  async replace(
    @Param('featureFlagSlug') reference: string,
    @JsonBody() input: FeatureFlagDto,
    @IfMatch() ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    response.setHeader('ETag', entityTag(await this.flags.replace(reference, input, principal, ifMatch)));
  }

  @Delete(':featureFlagSlug')
  @Scopes('write:feature_flags')
  @Operation({
    id: 'delete-feature-flag',
    summary: 'Delete a feature flag',
    status: 204,
    problems: [NOT_FOUND, featureFlagChanged()],
  })
  remove(@Param('featureFlagSlug') reference: string, @IfMatch() ifMatch: string | undefined): Promise<void> {
    return this.flags.remove(reference, ifMatch);
  }
}
