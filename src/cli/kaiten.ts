import 'reflect-metadata';
import { run } from './program.js';

// Set and not exited with, so that what was printed into a pipe is not cut off.
process.exitCode = await run(process.argv.slice(2));
