import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { Operation } from '../http/operations.js';
import { LifecycleStagesDto } from './dto/lifecycle-stages.dto.js';
import { LifecycleStagesService } from './lifecycle-stages.service.js';

/** Beside the instances and not below them, where it would be in the way of an instance of that name. */
@ApiTags('instances')
@Controller('lifecycle-stages')
export class LifecycleStagesController {
  constructor(private readonly stages: LifecycleStagesService) {}

  @Get()
  @Scopes('read:instances')
  @Operation({
    id: 'getLifecycleStages',
    summary: 'List the lifecycle stages that instances are in',
    description: 'Stages are words of your own: these are the ones that at least one instance has now.',
    status: 200,
    answer: LifecycleStagesDto,
  })
  inUse(): Promise<LifecycleStagesDto> {
    return this.stages.list();
  }
}
