import { defineConfig } from 'vitest/config'

const common = { testTimeout: 20_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/cluster/**', 'test/end-to-end/**', 'test/faults/**', 'test/bench/**'],
          globalSetup: ['test/kit/redis-setup.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts', 'test/end-to-end/**/*.test.ts'],
          globalSetup: ['test/kit/redis-setup.ts', 'test/kit/cluster/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
