/** Unit specs lie beside their subject; e2e suites in test/ share one PostgreSQL, which the global set-up starts. */
const common = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': '@swc/jest' },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

// A zone that nobody is in by chance: half an hour off, with summer time, and with seconds in its offset before 1935. Nothing that is
// asked for or answered may depend on it.
process.env.TZ = 'America/St_Johns';

export default {
  maxWorkers: 2,
  // A suite leaves its modules behind. With gigabytes of them, collecting garbage takes longer than the tests do.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30_000,
  // A worker that has run dozens of suites takes more than half a second to give its memory back, with nothing left open. What
  // does keep one from ending is still reported after this, in milliseconds.
  workerGracefulExitTimeout: 10_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
      setupFiles: ['<rootDir>/test/support/setup-file.ts'],
    },
  ],
};
