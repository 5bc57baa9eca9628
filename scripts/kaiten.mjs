import { prepare } from './prepare.mjs';

await prepare();
await import('../dist/src/cli/kaiten.js');
