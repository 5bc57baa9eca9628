import { Controller, Get, Module } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyPrincipal } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { Operation } from '../http/operations.js';
import { MeDto } from './me.dto.js';

@ApiTags('me')
@Controller('me')
export class MeController {
  @Get()
  @AnyPrincipal()
  @Operation({
    id: 'get-me',
    summary: 'Who am I, and what may I do?',
    description: 'For any token, whatever its scopes: the way to find out whether it works.',
    status: 200,
    answer: MeDto,
  })
  get(@CurrentPrincipal() principal: Principal): MeDto {
    return MeDto.from(principal);
  }
}

@Module({ controllers: [MeController] })
export class MeModule {}
