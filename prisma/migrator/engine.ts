import { readFile } from 'node:fs/promises'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import { type MigrationPool, migrationAdapter } from './adapter.ts'

/** The part of the platform's WebAssembly that is used here; Node's own types leave it out. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>
}

// The engine calls this when it fails in a way that it did not foresee, just before it aborts.
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: {
    set_message(message: string) {
      throw new Error(`Prisma's schema engine failed: ${message}`)
    },
  },
})

let loading: Promise<void> | undefined

/** What the module imports. Its timers, which it does not cancel, must not keep this process running. */
function imports(): Record<string, unknown> {
  const timer = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref()
  const names = Object.keys(engine).filter((name) => name.startsWith('__wbg_setTimeout_'))
  return { ...engine, ...Object.fromEntries(names.map((name) => [name, timer])) }
}

/** The package's own entry imports the .wasm file as a module, which Node 20 and 22 do not do unasked. */
async function load(): Promise<void> {
  const glue = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = await readFile(new URL('schema_engine_bg.wasm', glue))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports() })
  engine.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/** A Prisma schema: file name and content. */
export interface SchemaFile {
  path: string
  content: string
}

/**
 * Runs `work` with Prisma's schema engine (WebAssembly, in this process; about 80 ms to load the first time)
 * connected through `pool`, which stays open.
 */
export async function withEngine<Result>(
  pool: MigrationPool,
  databaseUrl: string,
  schema: SchemaFile | undefined,
  work: (engine: engine.SchemaEngine) => Promise<Result>,
): Promise<Result> {
  await (loading ??= load())
  const adapter = bindMigrationAwareSqlAdapterFactory(migrationAdapter(pool, databaseUrl))
  const datamodels: [string, string][] | undefined = schema && [[schema.path, schema.content]]
  const instance = await engine.SchemaEngine.new({ datamodels }, () => undefined, adapter)
  try {
    return await work(instance)
  } finally {
    instance.free()
  }
}
