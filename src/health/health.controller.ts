import { Controller, Get, Module } from '@nestjs/common';
import { ApiProperty, ApiSchema, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../auth/access.js';
import { LATEST_MIGRATION } from '../database/migrations.js';
import { Operation } from '../http/operations.js';
import { schemaBehind } from '../http/problem.js';

@ApiSchema({ name: 'Health' })
class HealthDto {
  @ApiProperty({ enum: ['ok'], description: 'What is not ok is a problem.' })
  status: 'ok';
}

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('healthz')
  @Public()
  @Operation({ id: 'get-healthz', summary: 'Is the process alive?', status: 200, answer: HealthDto })
  alive(): HealthDto {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  @Operation({
    id: 'get-readyz',
    summary: 'Is the database reachable, and its schema current?',
    status: 200,
    answer: HealthDto,
    problems: [schemaBehind()],
  })
  async ready(): Promise<HealthDto> {
    const rows = await this.dataSource.query<unknown[]>('SELECT 1 FROM migrations WHERE name = $1', [LATEST_MIGRATION]);
    if (rows.length === 0) throw schemaBehind();
    return { status: 'ok' };
  }
}

@Module({ controllers: [HealthController] })
export class HealthModule {}
