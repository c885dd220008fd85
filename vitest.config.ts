import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Vite would take its other build (.mjs); dist/ takes this one, and graphql refuses a schema of the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // Tests run the built code in dist/ as Node would: worker threads, child processes and native
    // addons behave in a test as they do in the product.
    server: { deps: { external: [/\/dist\//] } },
    pool: 'forks',
    maxWorkers: 2,
    // Files share what they import, which took a fifth of the run; what a test changes, it puts back.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is polled for comes late on a busy machine; it is waited for no longer than it takes.
    expect: { poll: { timeout: 15_000 } },
  },
})
