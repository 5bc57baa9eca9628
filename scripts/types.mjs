import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

// Checks types: of the server and its tests, and of the console against the API that openapi.json describes.
// node scripts/types.mjs [server|console|generate]
const [wanted = 'all'] = process.argv.slice(2);

const schema = join(root, 'console/src/api/schema.d.ts');

/** The types of the console's client. Left alone while they are current, so that nothing else is checked again for nothing. */
async function generate() {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  const text = astToString(await openapiTypescript(JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'))));
  if (!existsSync(schema) || readFileSync(schema, 'utf8') !== text) writeFileSync(schema, text);
}

function check(project) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' }).status === 0;
}

await generate();
const projects = {
  all: ['.', 'test/console', 'console'],
  server: ['.', 'test/console'],
  console: ['console'],
  generate: [],
};
// All of them, so that everything wrong is said at once.
const outcomes = projects[wanted].map(check);
process.exit(outcomes.every(Boolean) ? 0 : 1);
