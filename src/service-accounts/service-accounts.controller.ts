import { Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { slugFixed } from '../http/resource-problems.js';
import { QueryParams } from '../http/query.js';
import type { Page } from '../lists/page.dto.js';
import { pageOf } from '../lists/page.dto.js';
import { ListServiceAccountsQuery } from './dto/list-service-accounts.query.js';
import { ServiceAccountDto } from './dto/service-account.dto.js';
import { serviceAccountNotFound, serviceAccountSlugTaken } from './service-accounts.errors.js';
import { ServiceAccountsService } from './service-accounts.service.js';

const NOT_FOUND = serviceAccountNotFound('my-app-backend');

@ApiTags('service-accounts')
@Controller('service-accounts')
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccountsService) {}

  @Get()
  @Scopes('read:tokens')
  @Operation({
    id: 'get-service-accounts',
    summary: 'List service accounts',
    status: 200,
    answer: pageOf(ServiceAccountDto),
    input: 'query',
  })
  list(@QueryParams() query: ListServiceAccountsQuery): Promise<Page<ServiceAccountDto>> {
    return this.accounts.list(query);
  }

  @Post()
  @Scopes('write:tokens')
  @Operation({
    id: 'create-service-account',
    summary: 'Create a service account',
    status: 201,
    answer: ServiceAccountDto,
    input: 'body',
    problems: [serviceAccountSlugTaken('my-app-backend')],
  })
  async create(
    @JsonBody() input: ServiceAccountDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ServiceAccountDto> {
    return ServiceAccountDto.from(await this.accounts.create(input, principal));
  }

  @Get(':serviceAccountSlug')
  @Scopes('read:tokens')
  @Operation({
    id: 'get-service-account',
    summary: 'Get a service account by slug or id',
    status: 200,
    answer: ServiceAccountDto,
    problems: [NOT_FOUND],
  })
  get(@Param('serviceAccountSlug') reference: string): Promise<ServiceAccountDto> {
    return this.accounts.getWithTokens(reference);
  }

  @Put(':serviceAccountSlug')
  @Scopes('write:tokens')
  @Operation({
    id: 'update-service-account',
    summary: 'Rename a service account',
    status: 204,
    input: 'body',
    problems: [NOT_FOUND, slugFixed('my-app')],
  })
  rename(
    @Param('serviceAccountSlug') reference: string,
    @JsonBody() input: ServiceAccountDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.accounts.rename(reference, input, principal);
  }

  @Delete(':serviceAccountSlug')
  @Scopes('write:tokens')
  @Operation({
    id: 'delete-service-account',
    summary: 'Delete a service account and revoke its tokens',
    description: 'What it created keeps its name. Its slug is free again.',
    status: 204,
    problems: [NOT_FOUND],
  })
  remove(@Param('serviceAccountSlug') reference: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.accounts.remove(reference, principal);
  }
}
