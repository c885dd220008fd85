/** The facets of regions around some inputs. */
import { localMap, regionFacets, statesBefore, type Program } from '../compute/geometry/index.ts'
import { median, rounded, seconds, type Row } from './report.ts'

/** @param points inputSize values each */
export async function benchFacets(
  name: string,
  program: Program,
  points: readonly Float64Array[],
): Promise<Row> {
  const times: number[] = []
  let facets = 0
  let rows = 0
  for (const point of points) {
    const bits = await codeAt(program, point)
    const region = { fromLayer: 0, toLayer: program.parts.length - 1, bits }
    const map = await localMap(program, region, await statesBefore(program, point, 1, 0))
    rows = bits.length
    const time = await seconds(async () => {
      const found = regionFacets(map, bits)
      if (found.kind !== 'FACETS' || !found.complete) throw new Error(`${name}: ${found.kind}`)
      facets += found.facets.length
    })
    times.push(time)
  }
  return {
    work: `facets of a region, ${name}, median of ${points.length}`,
    seconds: rounded(median(times)),
    figure: `${rounded(facets / points.length)} facets of ${rows} half-spaces, mean`,
    limit: '',
    ratio: '',
  }
}

/** One entry a bit. */
async function codeAt(program: Program, point: Float64Array): Promise<Uint8Array> {
  const states = [point]
  const bits: number[] = []
  for (const [layer, part] of program.parts.entries()) {
    const gate = program.gates[layer]
    const guards = gate.guards(await part.run(states, 1))
    bits.push(...gate.bitsAt(guards, 0))
    states.push(gate.apply(guards))
  }
  return Uint8Array.from(bits)
}
