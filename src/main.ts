import { setFlagsFromString } from 'node:v8';
import 'reflect-metadata';
import { start } from './server.js';

// Where many objects of a place in the code have stayed, as records of tokens do while memory fills with them, V8 makes all later ones among the
// old, rows of answers included, which are garbage at once. With a million tokens that doubled the memory taken: docs/decisions/0024.
setFlagsFromString('--no-allocation-site-pretenuring');

await start().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
