import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

try {
  await ensureInstalled({ dev: true });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const jest = spawnSync(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, ...flags].filter(Boolean).join(' ') },
});
process.exit(jest.status ?? 1);
