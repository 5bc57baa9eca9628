import { Global, Module } from '@nestjs/common';
import { CursorCodecs } from './cursor-codecs.js';
import { ResourceReaders } from './resource-readers.js';

/** Reading resources and lists of them, for every domain. */
@Global()
@Module({
  providers: [ResourceReaders, CursorCodecs],
  exports: [ResourceReaders],
})
export class ListsModule {}
