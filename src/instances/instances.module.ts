import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CustomersModule } from '../customers/customers.module.js';
import { Instance } from './instance.entity.js';
import { InstancesController } from './instances.controller.js';
import { InstancesService } from './instances.service.js';
import { LifecycleStagesController } from './lifecycle-stages.controller.js';
import { LifecycleStagesService } from './lifecycle-stages.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Instance]), CustomersModule],
  controllers: [InstancesController, LifecycleStagesController],
  providers: [InstancesService, LifecycleStagesService],
})
export class InstancesModule {}
