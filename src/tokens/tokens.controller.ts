import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { Operation } from '../http/operations.js';
import { QueryParams } from '../http/query.js';
import { ListAllTokensQuery } from './dto/list-tokens.query.js';
import { TokenPageDto } from './dto/token-page.dto.js';
import { TokensService } from './tokens.service.js';

@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @Scopes('read:tokens')
  @Operation({
    id: 'list-tokens',
    summary: "List the organization's tokens, and how many are in each state",
    description:
      'Those of all service accounts, deleted ones included. Tokens change their states as time goes by: a walk through pages of one state ' +
      'has those that are in it when their page is read. The first page of a walk has the counts.',
    status: 200,
    answer: TokenPageDto,
    input: 'query',
  })
  list(@QueryParams() query: ListAllTokensQuery): Promise<TokenPageDto> {
    return this.tokens.listAll(query);
  }
}
