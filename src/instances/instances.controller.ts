import { Controller, Delete, Get, Param, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { customerNotFound } from '../customers/customers.errors.js';
import { entityTag } from '../http/entity-tags.js';
import { IfMatch } from '../http/if-match.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { QueryParams } from '../http/query.js';
import type { Page } from '../lists/page.dto.js';
import { pageOf } from '../lists/page.dto.js';
import { InstanceDto, PatchInstanceDto } from './dto/instance.dto.js';
import { ListInstancesQuery } from './dto/list-instances.query.js';
import {
  deploymentZoneNotFound,
  instanceChanged,
  instanceNotFound,
  instanceSlugTaken,
  licenseNotFound,
  licensePeriodInverted,
} from './instances.errors.js';
import { InstancesService } from './instances.service.js';

const NOT_FOUND = instanceNotFound('sakura-tokyo-production');
const BAD_PARTS = [
  customerNotFound('sakura-tokyo'),
  licenseNotFound('enterprise'),
  deploymentZoneNotFound('tokyo'),
  licensePeriodInverted(new Date('2026-01-31T00:00:00Z')),
  instanceSlugTaken('sakura-tokyo-training'),
];
const EXAMPLE = {
  name: 'Training',
  slug: 'sakura-tokyo-training',
  description: 'For new colleagues.',
};

@ApiTags('instances')
@Controller('instances')
export class InstancesController {
  constructor(private readonly instances: InstancesService) {}

  @Get()
  @Scopes('read:instances')
  @Operation({
    id: 'getInstances',
    summary: 'List instances',
    status: 200,
    answer: pageOf(InstanceDto),
    input: 'query',
  })
  list(@QueryParams() query: ListInstancesQuery): Promise<Page<InstanceDto>> {
    return this.instances.list(query);
  }

  @Post()
  @Scopes('write:instances')
  @Operation({
    id: 'createInstance',
    summary: 'Create an instance of a customer',
    status: 201,
    answer: InstanceDto,
    input: 'body',
    problems: BAD_PARTS,
    example: EXAMPLE,
    requestExample: { customerId: 'sakura-tokyo' },
  })
  async create(@JsonBody() input: InstanceDto, @CurrentPrincipal() principal: Principal): Promise<InstanceDto> {
    return InstanceDto.from(await this.instances.create(input, principal));
  }

  @Get(':instanceSlug')
  @Scopes('read:instances')
  @Operation({
    id: 'getInstance',
    summary: 'Get an instance by slug or id',
    status: 200,
    answer: InstanceDto,
    headers: ['ETag'],
    problems: [NOT_FOUND],
  })
  async get(
    @Param('instanceSlug') reference: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<InstanceDto> {
    const instance = await this.instances.get(reference);
    response.setHeader('ETag', entityTag(instance.version));
    return InstanceDto.from(instance);
  }

  @Put(':instanceSlug')
  @Scopes('write:instances')
  @Operation({
    id: 'updateInstance',
    summary: 'Replace an instance',
    description:
      'Slug, license dates, status and lifecycle stage stay when left out; everything else that is left out is cleared.',
    status: 204,
    headers: ['ETag'],
    input: 'body',
    problems: [NOT_FOUND, ...BAD_PARTS, instanceChanged()],
    requestExample: { customerId: 'sakura-tokyo' },
  })
  async replace(
    @Param('instanceSlug') reference: string,
    @JsonBody() input: InstanceDto,
    @IfMatch() ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    response.setHeader('ETag', entityTag(await this.instances.replace(reference, input, principal, ifMatch)));
  }

  @Patch(':instanceSlug')
  @Scopes('write:instances')
  @Operation({
    id: 'patchInstance',
    summary: "Change an instance's status, lifecycle stage or metadata",
    description: 'What is left out stays as it is.',
    status: 204,
    headers: ['ETag'],
    input: 'body',
    problems: [NOT_FOUND, instanceChanged()],
  })
  async patch(
    @Param('instanceSlug') reference: string,
    @JsonBody() input: PatchInstanceDto,
    @IfMatch() ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    response.setHeader('ETag', entityTag(await this.instances.patch(reference, input, principal, ifMatch)));
  }

  @Delete(':instanceSlug')
  @Scopes('write:instances')
  @Operation({
    id: 'deleteInstance',
    summary: 'Delete an instance',
    status: 204,
    problems: [NOT_FOUND, instanceChanged()],
  })
  remove(@Param('instanceSlug') reference: string, @IfMatch() ifMatch: string | undefined): Promise<void> {
    return this.instances.remove(reference, ifMatch);
  }
}
