import { Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { QueryParams } from '../http/query.js';
import type { Page } from '../lists/page.dto.js';
import { pageOf } from '../lists/page.dto.js';
import { policyRefusals } from '../token-policy/token-policy.errors.js';
import { ListTokensQuery } from '../tokens/dto/list-tokens.query.js';
import { RotateTokenDto } from '../tokens/dto/rotate-token.dto.js';
import { PlainTokenDto, TokenDto } from '../tokens/dto/token.dto.js';
import { TokenMint } from '../tokens/token-mint.js';
import {
  expiryInPast,
  invalidScopes,
  networksExceedCaller,
  scopesExceedCaller,
  tokenAlreadyReplaced,
  tokenNameTaken,
  tokenNotFound,
  tokenNotLive,
  tokenSlugTaken,
} from '../tokens/tokens.errors.js';
import { TokensService } from '../tokens/tokens.service.js';
import { serviceAccountNotFound } from './service-accounts.errors.js';
import { ServiceAccountsService } from './service-accounts.service.js';

const ACCOUNT_NOT_FOUND = serviceAccountNotFound('my-app-backend');
const NOT_FOUND = [ACCOUNT_NOT_FOUND, tokenNotFound('production')];

@ApiTags('service-accounts')
@Controller('service-accounts/:serviceAccountSlug/tokens')
export class AccountTokensController {
  constructor(
    private readonly accounts: ServiceAccountsService,
    private readonly tokens: TokensService,
    private readonly mint: TokenMint,
  ) {}

  @Get()
  @Scopes('read:tokens')
  @Operation({
    id: 'get-service-account-tokens',
    summary: "List a service account's tokens, revoked ones included",
    status: 200,
    answer: pageOf(TokenDto),
    input: 'query',
    problems: [ACCOUNT_NOT_FOUND],
  })
  async list(
    @Param('serviceAccountSlug') account: string,
    @QueryParams() query: ListTokensQuery,
  ): Promise<Page<TokenDto>> {
    return this.tokens.list((await this.accounts.get(account)).id, query);
  }

  @Post()
  @Scopes('write:tokens')
  @Operation({
    id: 'create-service-account-token',
    summary: 'Mint a token',
    description:
      'The answer has the secret in `token`; it is never shown again. A token may not have scopes that its minter lacks, nor be used from where its ' +
      "minter's own may not, and must be what the organization's policy allows.",
    status: 201,
    answer: PlainTokenDto,
    input: 'body',
    problems: [
      ACCOUNT_NOT_FOUND,
      invalidScopes('some scopes do not exist', [
        { location: 'body.scopes[1]', message: 'is not a scope', value: 'read:customer' },
      ]),
      expiryInPast('CreateToken', new Date('2026-01-31T00:00:00Z')),
      ...policyRefusals(false),
      scopesExceedCaller('CreateToken', ['write:instances']),
      networksExceedCaller('CreateToken', ['0.0.0.0/0']),
      tokenNameTaken('production'),
      tokenSlugTaken('production'),
    ],
  })
  async create(
    @Param('serviceAccountSlug') account: string,
    @JsonBody() input: PlainTokenDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PlainTokenDto> {
    return this.mint.create((await this.accounts.get(account)).id, input, principal);
  }

  @Get(':tokenSlug')
  @Scopes('read:tokens')
  @Operation({
    id: 'get-service-account-token',
    summary: 'Get a token by slug or id',
    status: 200,
    answer: TokenDto,
    problems: NOT_FOUND,
  })
  async get(@Param('serviceAccountSlug') account: string, @Param('tokenSlug') reference: string): Promise<TokenDto> {
    return TokenDto.from(await this.tokens.get((await this.accounts.get(account)).id, reference));
  }

  @Delete(':tokenSlug')
  @Scopes('write:tokens')
  @Operation({
    id: 'delete-service-account-token',
    summary: 'Revoke a token',
    description: 'It is refused from the answer on, and stays in the list with `revokedAt`.',
    status: 204,
    problems: NOT_FOUND,
  })
  async revoke(
    @Param('serviceAccountSlug') account: string,
    @Param('tokenSlug') reference: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    await this.tokens.revoke((await this.accounts.get(account)).id, reference, principal);
  }

  @Post(':tokenSlug/rotate')
  @Scopes('write:tokens')
  @Operation({
    id: 'rotate-service-account-token',
    summary: 'Replace a token with a new one',
    description:
      'The answer has a new token of the same name, scopes and networks, with its secret, as when it is minted. The old one goes on working ' +
      'for the grace, to be exchanged meanwhile; a token may rotate itself. The caller must hold its scopes, and be allowed where it is.',
    status: 201,
    answer: PlainTokenDto,
    input: 'body',
    problems: [
      ...NOT_FOUND,
      expiryInPast('RotateToken', new Date('2026-01-31T00:00:00Z')),
      ...policyRefusals(true),
      scopesExceedCaller('RotateToken', ['write:instances']),
      networksExceedCaller('RotateToken', null),
      tokenNotLive(false),
      tokenAlreadyReplaced(),
      tokenSlugTaken('production'),
    ],
  })
  async rotate(
    @Param('serviceAccountSlug') account: string,
    @Param('tokenSlug') reference: string,
    @JsonBody({ optional: true }) input: RotateTokenDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PlainTokenDto> {
    const { successor } = await this.mint.rotate((await this.accounts.get(account)).id, reference, input, principal);
    return successor;
  }
}
