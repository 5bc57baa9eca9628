import { Module } from '@nestjs/common';
import { AccountTokensController } from './account-tokens.controller.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsService } from './service-accounts.service.js';

@Module({
  controllers: [ServiceAccountsController, AccountTokensController],
  providers: [ServiceAccountsService],
  exports: [ServiceAccountsService],
})
export class ServiceAccountsModule {}
