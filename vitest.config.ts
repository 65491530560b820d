import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{bin,chaos,doors,modules,platform,test,web}/**/*.test.{ts,tsx}'],
    // One PostgreSQL for the whole run; see test/database.ts.
    globalSetup: ['test/cluster.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
