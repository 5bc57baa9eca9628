import { Controller, Delete, Get, Inject, Module, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyPrincipal } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { KaitenRequest, Principal } from '../auth/principal.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Operation } from '../http/operations.js';
import { clientAddress } from '../network/client-address.js';
import { forwardingHeaders } from '../network/forwarding-headers.js';
import { TokensService } from '../tokens/tokens.service.js';
import { MeDto } from './me.dto.js';
import { noToken } from './me.errors.js';

@ApiTags('me')
@Controller('me')
export class MeController {
  constructor(
    private readonly tokens: TokensService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Get()
  @AnyPrincipal()
  @Operation({
    id: 'get-me',
    summary: 'Who am I, and what may I do?',
    description:
      'For any token, whatever its scopes: the way to find out whether it works. And for people who have signed in.',
    status: 200,
    answer: MeDto,
  })
  async get(@CurrentPrincipal() principal: Principal, @Req() request: KaitenRequest): Promise<MeDto> {
    const token = principal.token && (await this.tokens.get(principal.userId, principal.token.id));
    return MeDto.from(principal, token, {
      clientAddress: clientAddress(request, this.env.gatewayNetworks),
      forwardingHeaders: forwardingHeaders(request.rawHeaders),
    });
  }

  @Delete('token')
  @AnyPrincipal()
  @Operation({
    id: 'delete-my-token',
    summary: 'Revoke the token that asks',
    description:
      'For any token, whatever its scopes: whoever has found one can end it. It is refused from the answer on.',
    status: 204,
    problems: [noToken()],
  })
  async revokeToken(@CurrentPrincipal() principal: Principal): Promise<void> {
    if (!principal.token) throw noToken();
    await this.tokens.revoke(principal.userId, principal.token.id, principal);
  }
}

@Module({ controllers: [MeController] })
export class MeModule {}
