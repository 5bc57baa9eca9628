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
import { slugFixed } from '../http/resource-problems.js';
import { QueryParams } from '../http/query.js';
import { ListQuery } from '../lists/list.query.js';
import type { Page } from '../lists/page.dto.js';
import { pageOf } from '../lists/page.dto.js';
import { customerChanged, customerHasInstances, customerNotFound, customerSlugTaken } from './customers.errors.js';
import { CustomersService } from './customers.service.js';
import { CustomerDto } from './dto/customer.dto.js';

const NOT_FOUND = customerNotFound('sakura-tokyo');

@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Get()
  @Scopes('read:customers')
  @Operation({
    id: 'list-customers',
    summary: 'List customers',
    status: 200,
    answer: pageOf(CustomerDto),
    input: 'query',
  })
  list(@QueryParams() query: ListQuery): Promise<Page<CustomerDto>> {
    return this.customers.list(query);
  }

  @Post()
  @Scopes('write:customers')
  @Operation({
    id: 'create-customer',
    summary: 'Create a customer',
    status: 201,
    answer: CustomerDto,
    input: 'body',
    problems: [customerSlugTaken('sakura-nara')],
    example: { name: 'Sakura Nara', slug: 'sakura-nara', domain: 'nara.sakura.example' },
  })
  async create(@JsonBody() input: CustomerDto, @CurrentPrincipal() principal: Principal): Promise<CustomerDto> {
    return CustomerDto.from(await this.customers.create(input, principal));
  }

  @Get(':customerSlug')
  @Scopes('read:customers')
  @Operation({
    id: 'get-customer',
    summary: 'Get a customer by slug or id',
    status: 200,
    answer: CustomerDto,
    headers: ['ETag'],
    problems: [NOT_FOUND],
  })
  async get(
    @Param('customerSlug') reference: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CustomerDto> {
    const customer = await this.customers.show(reference);
    response.setHeader('ETag', entityTag(customer.version));
    return CustomerDto.from(customer);
  }

  @Put(':customerSlug')
  @Scopes('write:customers')
  @Operation({
    id: 'update-customer',
    summary: 'Replace a customer',
    description: 'What is left out is cleared. The slug cannot be changed.',
    status: 204,
    headers: ['ETag'],
    input: 'body',
    problems: [NOT_FOUND, slugFixed('sakura-nagoya'), customerChanged()],
  })
  async replace(
    @Param('customerSlug') reference: string,
    @JsonBody() input: CustomerDto,
    @IfMatch() ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    response.setHeader('ETag', entityTag(await this.customers.replace(reference, input, principal, ifMatch)));
  }

  @Delete(':customerSlug')
  @Scopes('write:customers')
  @Operation({
    id: 'delete-customer',
    summary: 'Delete a customer that has no instances',
    status: 204,
    problems: [NOT_FOUND, customerHasInstances(2), customerChanged()],
  })
  remove(@Param('customerSlug') reference: string, @IfMatch() ifMatch: string | undefined): Promise<void> {
    return this.customers.remove(reference, ifMatch);
  }
}
