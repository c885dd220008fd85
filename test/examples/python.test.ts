// The Python example against a real server, where there is Python with numpy.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { startWorker, type Worker } from '#atlas/src/jobs/worker.js'
import { createApiKey } from '#atlas/src/store/apiKeys.js'
import { sql } from '#atlas/src/store/database.js'
import { useAtlas } from '../graphql/support/atlas.ts'
import { uniform } from '../support/onnx.ts'

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0
if (!hasNumpy) console.warn('No python3 with numpy: the Python example is not tested.')

const PARTITION = 'mlp-a/0..1@points'

describe.skipIf(!hasNumpy)('examples/python', () => {
  const atlas = useAtlas({ partitions: [PARTITION] })
  let server: HttpServer
  let worker: Worker
  let folder: string
  let key: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atlas-python-'))
    key = await createApiKey(atlas.db, 'python', 'WRITE')
    const options = { port: 0, host: '127.0.0.1', uploads: folder, access: 'keys' as const }
    server = await startServer(atlas.db, options, pino({ level: 'silent' }))
    worker = await startWorker(atlas.db.url, () => undefined)
  })

  afterAll(async () => {
    await worker.stop()
    await server.close()
    await rm(folder, { recursive: true })
  })

  /** Runs a script, or code that may import atlas.py. */
  async function python(args: readonly string[], environment: Record<string, string> = {}) {
    const child = spawn('python3', args, {
      cwd: 'examples/python',
      env: {
        ...process.env,
        ATLAS_URL: new URL(server.url).origin,
        ATLAS_KEY: key,
        PYTHONDONTWRITEBYTECODE: '1',
        ...environment,
      },
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: child.exitCode, stdout, stderr }
  }

  it('shows the greatest regions', async () => {
    const { code, stdout, stderr } = await python(['regions.py', PARTITION, '--first', '3'])
    expect([code, stderr]).toEqual([0, ''])
    const rows = await atlas.db.query<{ count: number; active: number }>(
      sql`select r.member_count as count, r.active_bit_count as active from region r join partition t on t.id = r.partition_id
          join network n on n.id = t.network_id where n.name = 'mlp-a' order by member_count desc, r.index desc limit 3`,
    )
    const shown = stdout
      .trim()
      .split('\n')
      .slice(2)
      .map((line) => line.trim().split(/ +/))
    expect(shown.map(([count, , , active]) => [Number(count), Number(active)])).toEqual(
      rows.map(({ count, active }) => [count, active]),
    )
  })

  it('exports every code and every site', async () => {
    const out = join(folder, 'exported.npz')
    expect((await python(['regions.py', PARTITION, '--out', out])).code).toBe(0)
    const read = `
import json, numpy as np
a = np.load(${JSON.stringify(out)})
order = np.lexsort((a["positions"], a["inputs"]))
print(json.dumps({"codes": ["".join(str(int(b)) for b in row) for row in a["codes"]], "members": a["members"].tolist(),
  "sites": np.stack([a["inputs"], a["positions"], a["regions"]], 1)[order].tolist()}))`
    const exported = JSON.parse((await python(['-c', read])).stdout)
    const sites = await atlas.db.query<{ site: number[] }>(
      sql`select array[m.input_index, m.position, m.region] as site from membership m join partition t on t.id = m.partition_id
          join network n on n.id = t.network_id where n.name = 'mlp-a' order by m.input_index, m.position`,
    )
    expect(exported.sites).toEqual(sites.map(({ site }) => site))
    const { partition } = await atlas
      .ask(
        `{ partition(path: "${PARTITION}") { regions(first: 500, orderBy: INDEX_ASC) { nodes { memberCount code { bits } } } } }`,
      )
      .then(
        (answer) =>
          answer as { partition: { regions: { nodes: { memberCount: number; code: { bits: string } }[] } } },
      )
    expect(exported.codes).toEqual(partition.regions.nodes.map(({ code }) => code.bits))
    expect(exported.members).toEqual(partition.regions.nodes.map(({ memberCount }) => memberCount))
  })

  it('pages, imports, waits for jobs, and reads affine maps', async () => {
    const random = uniform(4)
    const rows = JSON.stringify(Array.from({ length: 20 }, () => Array.from({ length: 3 }, () => random())))
    const script = `
import numpy as np
from atlas import Atlas
atlas = Atlas()
np.save(${JSON.stringify(join(folder, 'rows.npy'))}, np.array(${rows}, np.float32))
file = atlas.upload(${JSON.stringify(join(folder, 'rows.npy'))})
job = atlas.query('mutation ($file: ID!) { importDataset(input: { name: "fresh", file: $file }) { job { id } } }', file=file)
atlas.wait(job["importDataset"]["job"]["id"])
names = [d["name"] for d in atlas.nodes('query ($first: Int!, $after: String) { datasets(first: $first, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }', page=1)]
print(sorted(names))
region = next(atlas.nodes('query ($first: Int!, $after: String) { partition(path: "${PARTITION}") { regions(first: $first, after: $after) { nodes { path } pageInfo { hasNextPage endCursor } } } }'))
A, b = atlas.affine_map(region["path"])
print(A.shape, b.shape, A.dtype)`
    const { code, stdout, stderr } = await python(['-c', script])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain("'fresh'")
    expect(stdout).toMatch(/\(4, 6\) \(4,\) float64/)
  })

  it('asks again where it is told when, and does not where a request took too long', async () => {
    let asked = 0
    const busy = createServer((request, response) => {
      asked++
      const told = request.url === '/graphql' && asked === 1
      if (asked > 1 && request.url === '/graphql') return void response.end('{"data":{"done":true}}')
      response.writeHead(told ? 429 : 503, told ? { 'retry-after': '0' } : {})
      response.end('{"errors":[{"message":"Later.","extensions":{"code":"TIMED_OUT"}}]}')
    })
    busy.listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const address = busy.address()
    const at = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const again = await python(['-c', `from atlas import Atlas\nprint(Atlas("${at}").query("{ done }"))`])
    expect([again.stdout, asked]).toEqual(["{'done': True}\n", 2])
    const late = await python(['-c', `from atlas import Atlas\nAtlas("${at}").affine_map("a/0..0@b/0")`])
    expect([late.stderr, asked]).toEqual([expect.stringContaining('TIMED_OUT: Later.'), 3])
    busy.close()
  })

  it('says what the atlas refuses', async () => {
    const unknown = await python(['regions.py', 'nobody/0..1@points'])
    expect([unknown.code, unknown.stderr]).toEqual([1, 'There is no partition nobody/0..1@points.\n'])
    const stranger = await python(['regions.py', PARTITION], { ATLAS_KEY: 'atlas_wrong' })
    expect([stranger.code, stranger.stderr]).toEqual([
      1,
      expect.stringMatching(/^UNKNOWN_KEY: The key is not known/),
    ])
    const nonsense = await python(['-c', 'from atlas import Atlas\nAtlas().query("{ nothing }")'])
    expect(nonsense.stderr).toContain('GRAPHQL_VALIDATION_FAILED: Cannot query field "nothing"')
  })
})
