import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAtlas, type Atlas } from '../src/atlas.ts'
import { startWorker } from '../src/jobs/worker.ts'

/** Measures with an empty atlas and a worker in this process; both are gone afterwards. */
export async function withEmptyAtlas<Result>(measure: (atlas: Atlas) => Promise<Result>): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), 'atlas-bench-'))
  // Run as root, Postgres has another account, which must be able to enter; else its data would lie elsewhere, and stay.
  await chmod(home, 0o711)
  const atlas = await openAtlas({ home, databaseUrl: undefined }, () => undefined)
  const worker = await startWorker(atlas.url, () => undefined)
  try {
    return await measure(atlas)
  } finally {
    await worker.stop()
    await atlas.close()
    await rm(home, { recursive: true, force: true })
  }
}
