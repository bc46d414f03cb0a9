import { defineConfig } from 'vitest/config'

/** Against hanging alone: on a busy machine a process can take seconds to start. */
const common = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    // Stopping a cluster that the tests started takes longer than vitest's 10 seconds.
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          // Many wait for processes and timers: on two processors vitest would run one file at a time.
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/cluster/**',
            'test/end-to-end/**',
            'test/engine/**',
            'test/orchestrators/contract/**',
            'test/faults/**',
            'test/bench/**',
          ],
          globalSetup: ['test/kit/redis-setup.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'cluster',
          include: [
            'test/cluster/**/*.test.ts',
            'test/end-to-end/**/*.test.ts',
            'test/orchestrators/contract/kubernetes.test.ts',
          ],
          globalSetup: ['test/kit/redis-setup.ts', 'test/kit/cluster/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...common,
          // On Docker engines of the tests' own, so that it needs no cluster.
          name: 'engine',
          include: ['test/engine/**/*.test.ts', 'test/orchestrators/contract/docker.test.ts'],
          globalSetup: ['test/kit/redis-setup.ts', 'test/kit/engine/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...common,
          // A command of its own: of thirty systems at once on a swarm of one node not all start in time yet.
          name: 'swarm',
          include: ['test/orchestrators/contract/swarm.test.ts'],
          globalSetup: ['test/kit/redis-setup.ts', 'test/kit/engine/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...common,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/kit/control-plane/setup.ts'],
          // One after the other: they share a control plane, whose API server some of them kill.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
