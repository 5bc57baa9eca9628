import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AuthModule } from './auth/auth.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Env } from './config/env.js';
import { CustomersModule } from './customers/customers.module.js';
import { DatabaseModule } from './database/database.module.js';
import { FeatureFlagsModule } from './feature-flags/feature-flags.module.js';
import { FlagEvaluationsModule } from './flag-evaluations/flag-evaluations.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.controller.js';
import { InstancesModule } from './instances/instances.module.js';
import { ListsModule } from './lists/lists.module.js';
import { MeModule } from './me/me.controller.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OfrepModule } from './ofrep/ofrep.module.js';
import { ServiceAccountsModule } from './service-accounts/service-accounts.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TokenPolicyModule } from './token-policy/token-policy.module.js';
import { TokensModule } from './tokens/tokens.module.js';

/** The table of contents: what everything stands on, then one line per domain. */
@Module({})
export class AppModule {
  static forRoot(env: Env, logger: Logger, dataSource: DataSource): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(env, logger),
        DatabaseModule.forRoot(dataSource),
        MetricsModule,
        ListsModule,
        AuthModule,

        CustomersModule,
        InstancesModule,
        FeatureFlagsModule,
        FlagEvaluationsModule,
        OfrepModule,
        ServiceAccountsModule,
        TokensModule,
        TokenPolicyModule,
        GatewayModule,
        SessionsModule,
        MeModule,
        HealthModule,
      ],
    };
  }
}
