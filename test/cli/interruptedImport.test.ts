import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useDatabase, withClient } from '../support/database.ts'
import { childrenOf, isRunning, slowNetwork } from '../support/inspect.ts'
import { finish, folder, startAtlas } from './atlas.ts'

const database = useDatabase()

it.runIf(process.platform === 'linux')('Ctrl-C leaves nothing of a network that is read', async () => {
  const slow = join(folder, 'slow.onnx')
  await writeFile(slow, slowNetwork())
  const child = startAtlas(database.url, ['import', 'network', slow])
  const pid = child.pid ?? -1
  await expect.poll(() => childrenOf(pid), { timeout: 20_000 }).toHaveLength(1)
  const [reader] = childrenOf(pid)
  child.kill('SIGINT')
  expect(await finish(child)).toEqual({ code: 130, stdout: '', stderr: '' })
  await expect.poll(() => isRunning(reader)).toBe(false)
  const { rows } = await withClient(database.url, (client) => client.query('select sha256 from file'))
  expect(rows).toEqual([])
})
