import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import type { LifecycleStagesDto } from './dto/lifecycle-stages.dto.js';
import { MOST_STAGES } from './dto/lifecycle-stages.dto.js';

/**
 * From each stage to the next one in the index: as many looks as there are stages, however many instances. (DISTINCT would read all of them.)
 */
const STAGES = prepared(
  `WITH RECURSIVE stages (name) AS (
     (SELECT lifecycle_stage FROM instances WHERE lifecycle_stage IS NOT NULL ORDER BY lifecycle_stage LIMIT 1)
     UNION ALL
     SELECT (SELECT lifecycle_stage FROM instances WHERE lifecycle_stage > stages.name ORDER BY lifecycle_stage LIMIT 1)
     FROM stages WHERE stages.name IS NOT NULL)
   SELECT name FROM stages WHERE name IS NOT NULL LIMIT ${MOST_STAGES + 1}`,
);

@Injectable()
export class LifecycleStagesService {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<LifecycleStagesDto> {
    const rows = await this.dataSource.query<{ name: string }[]>(STAGES);
    return { items: rows.slice(0, MOST_STAGES), hasMore: rows.length > MOST_STAGES };
  }
}
