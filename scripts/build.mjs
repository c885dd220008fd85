// Builds the project: Prisma client, GraphQL types, TypeScript to dist/, AssemblyScript to WebAssembly, the explorer.
// Prisma's CLI wants to download a schema engine, which `generate` never runs: any executable satisfies it,
// so that installing needs the npm registry alone.
import { spawnSync } from 'node:child_process'

const run = (command, args, env = {}) => {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
}

run('node_modules/.bin/prisma', ['generate'], {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
})
run(process.execPath, ['scripts/codegen.mjs'])
run('node_modules/.bin/tsc', ['-p', '.'])
run('node_modules/.bin/asc', [
  'compute/kernels/wasm/assembly/index.as.ts',
  ...['--outFile', 'dist/compute/kernels/wasm/kernels.wasm'],
  ...['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd'],
])
run('node_modules/.bin/vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])
