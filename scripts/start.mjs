import { prepare } from './prepare.mjs';

await prepare({ withConsole: true });
// In this process, so that the signals sent to it reach the server.
await import('../dist/src/main.js');
