import { Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { TokenPolicyDto } from './dto/token-policy.dto.js';
import { TokenPolicyService } from './token-policy.service.js';

@ApiTags('tokens')
@Controller('token-policy')
export class TokenPolicyController {
  constructor(private readonly policies: TokenPolicyService) {}

  @Get()
  @Scopes('read:tokens')
  @Operation({
    id: 'get-token-policy',
    summary: 'What the organization asks of its tokens',
    description: 'Where nobody has set a policy, it asks nothing.',
    status: 200,
    answer: TokenPolicyDto,
  })
  get(): Promise<TokenPolicyDto> {
    return this.policies.get();
  }

  @Put()
  @Scopes('write:tokens')
  @Operation({
    id: 'update-token-policy',
    summary: 'Set what the organization asks of its tokens',
    description:
      'What is left out is asked no longer. From the answer on no token is minted or rotated that breaks it. Tokens that there are go on ' +
      'working; `GET /tokens?state=violating` lists those that would not be minted any more.',
    status: 204,
    input: 'body',
  })
  replace(@JsonBody() input: TokenPolicyDto, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.policies.replace(input, principal);
  }
}
