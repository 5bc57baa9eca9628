import { Injectable } from '@nestjs/common';
import type { ObjectLiteral } from 'typeorm';
import { DataSource } from 'typeorm';
import { CursorCodecs } from './cursor-codecs.js';
import type { ResourceDefinition } from './resource.js';
import { ResourceReader } from './resource-reader.js';

/** Makes the readers of the domains' resources. */
@Injectable()
export class ResourceReaders {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cursors: CursorCodecs,
  ) {}

  for<E extends ObjectLiteral>(definition: ResourceDefinition<E>): ResourceReader<E> {
    return new ResourceReader(this.dataSource, this.cursors, definition);
  }
}
