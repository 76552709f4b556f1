import { defineConfig } from 'vitest/config';

const minute = 60_000;

// The parts of the integration tests in which the engine matters run on each server too.
const onServers = [
  'test/account.test.ts',
  'test/address-owner.test.ts',
  'test/check-in.test.ts',
  'test/guest.test.ts',
  'test/invitation.test.ts',
  'test/legal-hold.test.ts',
  'test/passkey.test.ts',
  'test/password-reset.test.ts',
  'test/person-merge.test.ts',
  'test/registration.test.ts',
  'test/retention-run.test.ts',
  'test/retention.test.ts',
  'test/role.test.ts',
  'test/script.test.ts',
  'test/second-step.test.ts',
  'test/session.test.ts',
  'test/sign-in-rush.test.ts',
  'test/sign-in.test.ts',
  'test/stranger.test.ts',
  'test/subject-access.test.ts',
  'test/terminal-check-in.test.ts',
];

// Where a test lies decides when it runs; test/run.ts goes through the projects in this order.
export default defineConfig({
  test: {
    maxWorkers: 2,
    allowOnly: false,
    // a slow machine is no failure: only what hangs runs out of time
    testTimeout: 3 * minute,
    hookTimeout: 3 * minute,
    expect: { poll: { timeout: minute } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.web.test.ts'],
        },
      },
      {
        extends: true,
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: { name: 'web', include: ['src/**/*.web.test.{ts,tsx}'] },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/crash/**', 'test/contract/**'],
          globalSetup: 'test/engine/setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: 'test/engine/setup.ts',
        },
      },
      ...['postgres', 'mariadb'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: onServers,
          env: { MUSTER_TEST_ENGINE: name },
          globalSetup: 'test/engine/setup.ts',
        },
      })),
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          globalSetup: 'test/engine/setup.ts',
          fileParallelism: false,
          testTimeout: 2 * minute,
          hookTimeout: 5 * minute,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.spec.ts'],
          fileParallelism: false,
          testTimeout: 10 * minute,
          hookTimeout: 2 * minute,
        },
      },
      // not part of test/run.ts: it needs servers that not every machine has; test/cluster/run.ts runs it
      {
        extends: true,
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.spec.ts'],
          fileParallelism: false,
          testTimeout: 5 * minute,
          hookTimeout: 3 * minute,
        },
      },
    ],
  },
});
