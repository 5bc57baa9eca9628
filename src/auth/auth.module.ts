import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { BearerStrategy } from './bearer.strategy.js';

/** Who asks, and whether they may. The authenticator that it needs comes from `tokens/`. */
@Module({
  providers: [BearerStrategy, { provide: APP_GUARD, useClass: AccessGuard }],
})
export class AuthModule {}
