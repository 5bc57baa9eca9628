import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { readEnv } from './config/env.js';
import { buildOpenApi } from './openapi.js';
import { PREFIX } from './setup-app.js';

// Writes openapi.json from the decorators alone: in preview, Nest instantiates nothing, so no database is needed.
const modules = AppModule.forRoot(readEnv({}), pino({ level: 'silent' }), new DataSource({ type: 'postgres' }));
const app = await NestFactory.create(modules, { preview: true, logger: false });
app.setGlobalPrefix(PREFIX);
await writeFile(process.argv[2] ?? 'openapi.json', `${JSON.stringify(buildOpenApi(app), null, 2)}\n`);
