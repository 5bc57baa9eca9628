import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CursorCodec } from './cursor.js';

/** The server's cursor codec. Its key is in the database, which need not be migrated yet when the process starts. */
@Injectable()
export class CursorCodecs {
  private codec?: CursorCodec;

  constructor(private readonly dataSource: DataSource) {}

  async get(): Promise<CursorCodec> {
    if (!this.codec) {
      const [row] = await this.dataSource.query<{ key: Buffer }[]>(`SELECT server_key('cursor') AS key`);
      this.codec = new CursorCodec(row!.key);
    }
    return this.codec;
  }
}
