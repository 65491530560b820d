import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{bin,doors,modules,platform,test,web}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
