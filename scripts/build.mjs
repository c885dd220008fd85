// Builds the project: Prisma client, GraphQL types, then TypeScript to dist/.
// Prisma's CLI wants to download a schema engine, which `generate` never runs: any executable satisfies it,
// so that installing needs the npm registry alone.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const run = (command, args, env = {}) => {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

if (existsSync('prisma/schema.prisma'))
  run('npx', ['prisma', 'generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  })
if (existsSync('scripts/codegen.mjs')) run(process.execPath, ['scripts/codegen.mjs'])
run('npx', ['tsc', '-p', '.'])
