import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TokenPolicyModule } from '../token-policy/token-policy.module.js';
import { PostgresTokenChanges } from './postgres-token-changes.js';
import { RetiredTokensPurge } from './retired-tokens.purge.js';
import { TokenCache } from './token-cache.js';
import { TokenChanges } from './token-changes.js';
import { TokenCounts } from './token-counts.js';
import { TokenMint } from './token-mint.js';
import { TokenUses } from './token-uses.js';
import { TokenVerifier } from './token-verifier.js';
import { Token } from './token.entity.js';
import { TokensController } from './tokens.controller.js';
import { TokensService } from './tokens.service.js';

/** Tokens themselves: their format, their storage, their verification. Most of their routes are the service accounts'. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Token]), TokenPolicyModule],
  controllers: [TokensController],
  providers: [
    TokensService,
    TokenCounts,
    TokenMint,
    RetiredTokensPurge,
    TokenUses,
    TokenVerifier,
    PostgresTokenChanges,
    { provide: TokenChanges, useExisting: PostgresTokenChanges },
    { provide: TokenCache, useFactory: ({ cache }: PostgresTokenChanges) => cache, inject: [PostgresTokenChanges] },
  ],
  exports: [TokensService, TokenCounts, TokenMint, TokenVerifier, TokenCache, TokenChanges],
})
export class TokensModule {}
