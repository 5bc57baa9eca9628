import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { PostgresTokenAuthenticator } from './postgres-token-authenticator.js';
import { RetiredTokensPurge } from './retired-tokens.purge.js';
import { Token } from './token.entity.js';
import { TokensService } from './tokens.service.js';

/** Tokens themselves: their format, their storage, their verification. Their routes are the service accounts'. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Token])],
  providers: [TokensService, RetiredTokensPurge, { provide: TokenAuthenticator, useClass: PostgresTokenAuthenticator }],
  exports: [TokensService, TokenAuthenticator],
})
export class TokensModule {}
