import { describe, expect, it } from 'vitest'
import { halfSpaces, regionFacets } from '#atlas/compute/geometry/facets/index.js'
import {
  cutSlice,
  endsOf,
  localMap,
  openProgram,
  statesBefore,
  walkSegments,
  type LocalMap,
  type Place,
  type Program,
} from '#atlas/compute/geometry/index.js'
import { agreesWithHighs } from '../support/facets.ts'
import { gateNets, type GateNet } from '../support/gateNets.ts'
import { uniform } from '../support/onnx.ts'

const cases = Object.entries(gateNets).flatMap(([name, make]) =>
  [2, 3].map((inputs) => ({ name, inputs, net: make(inputs, 3 + inputs) })),
)

async function withProgram<Result>(net: GateNet, work: (program: Program) => Promise<Result>) {
  const program = await openProgram(net.model)
  try {
    return await work(program)
  } finally {
    await program.close()
  }
}

const codeAt = (net: GateNet, x: ArrayLike<number>) => net.forward(x).bits.join('')

describe.each(cases)('$name in $inputs dimensions', ({ net, inputs }) => {
  const drawn = (random: () => number, scale: number) =>
    Float64Array.from({ length: inputs }, () => scale * (2 * random() - 1))

  it('has segments that 2,000 samples find nothing else on', async () => {
    const random = uniform(31)
    const lines = Array.from({ length: 4 }, () => [drawn(random, 3), drawn(random, 3)] as const)
    const walks = await withProgram(net, async (program) => {
      const flat = (end: 0 | 1) => Float64Array.from(lines.flatMap((line) => [...line[end]]))
      const ends = await endsOf(program, flat(0), flat(1), lines.length, 0)
      const toLayer = program.parts.length - 1
      return walkSegments(program, { ends, segments: lines.length, fromLayer: 0, toLayer })
    })
    walks.forEach(({ crossings, regionCount, endpointHammingDistance }, i) => {
      const [from, to] = lines[i]
      const codeOn = (t: number) =>
        codeAt(
          net,
          from.map((value, j) => value + t * (to[j] - value)),
        )
      const places = [0, ...new Set(crossings.map(({ t }) => t)), 1]
      const codes = places.slice(1).map((place, j) => codeOn((places[j] + place) / 2))
      expect(codes).toHaveLength(regionCount)
      codes.slice(1).forEach((code, j) => expect(code).not.toBe(codes[j]))
      const flips = crossings.map(({ layer, position, unit, bit }) => [layer, position, unit, bit].join())
      const odd = [...new Set(flips)].filter((key) => flips.filter((other) => other === key).length % 2)
      expect(endpointHammingDistance).toBe(odd.length)
      let at = 0
      for (let sample = 0; sample <= 2000; sample++) {
        const code = codeOn(sample / 2000)
        while (at < codes.length && codes[at] !== code) at++
        expect(at).toBeLessThan(codes.length)
      }
    })
  })

  it('has slices that fill the parallelogram, with the code of 2,000 places each', async () => {
    const random = uniform(17)
    const [origin, u, v] = [drawn(random, 1), drawn(random, 4), drawn(random, 4)]
    const at = ([a, b]: Place) => origin.map((value, i) => value + a * u[i] + b * v[i])
    const corners: Place[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ]
    const { polygons, complete } = await withProgram(net, async (program) =>
      cutSlice(program, {
        corners: await statesBefore(program, Float64Array.from(corners.flatMap((c) => [...at(c)])), 4, 0),
        fromLayer: 0,
        toLayer: program.parts.length - 1,
        maxRegions: 10_000,
      }),
    )
    expect(complete).toBe(true)
    const areas = polygons.map(({ vertices }) => area(vertices))
    areas.forEach((size) => expect(size).toBeGreaterThan(0))
    expect(areas.reduce((sum, size) => sum + size, 0)).toBeCloseTo(1, 11)
    const codes = polygons.map(({ bits }) => bits.join(''))
    expect(new Set(codes).size).toBe(codes.length)
    for (let sample = 0; sample < 2000; sample++) {
      const place: Place = [random(), random()]
      const polygon = polygons.at(codes.indexOf(codeAt(net, at(place))))
      expect(codes).toContain(codeAt(net, at(place)))
      expect(polygon && inside(polygon.vertices, place)).toBe(true)
    }
  })

  it('has regions in which A x + b is the network, with the facets that HiGHS finds', async () => {
    await withProgram(net, async (program) => {
      const random = uniform(5)
      for (let region = 0; region < 5; region++) {
        const x = drawn(random, 2)
        const bits = Uint8Array.from(net.forward(x).bits)
        const map = await mapAt(program, x, bits)
        for (let sample = 0; sample < 100; sample++) {
          const y = x.map((value) => value + 0.2 * (2 * random() - 1))
          const there = net.forward(y)
          if (there.bits.join('') !== bits.join('')) continue
          scoresOf(map, y).forEach((score, i) =>
            expect(Math.abs(score - there.scores[i])).toBeLessThan(1e-9 * (1 + Math.abs(score))),
          )
        }
        const { polytope, possible } = halfSpaces(map, bits)
        expect(possible).toBe(true)
        agreesWithHighs(polytope)
      }
    })
  })

  it('changes the bits that a facet names, on its other side', async () => {
    await withProgram(net, async (program) => {
      const random = uniform(6)
      for (let region = 0; region < 5; region++) {
        const x = drawn(random, 2)
        const bits = Uint8Array.from(net.forward(x).bits)
        const found = regionFacets(await mapAt(program, x, bits), bits)
        if (found.kind !== 'FACETS') throw new Error(`no facets: ${found.kind}`)
        expect(codeAt(net, found.inside)).toBe(bits.join(''))
        for (const { bounds, point, normal, margin } of found.facets) {
          const step = Math.min(1e-5, margin / 10)
          const beyond = net.forward(point.map((value, i) => value + step * normal[i])).bits
          // Beyond a boundary of its first layer, later layers see another map.
          const units = bounds.filter((bound) => bound.kind === 'UNIT')
          const first = Math.min(...units.map(({ layer }) => layer))
          const named = units.flatMap(({ layer, bits }) => (layer === first ? bits : []))
          const changed = beyond.flatMap((bit, i) => (bit === bits[i] ? [] : [i]))
          const end = program.gates.slice(0, first + 1).reduce((sum, { bitCount }) => sum + bitCount, 0)
          expect(changed.filter((bit) => bit < end)).toEqual(named.sort((a, b) => a - b))
        }
      }
    })
  })
})

function mapAt(program: Program, x: Float64Array, bits: Uint8Array): Promise<LocalMap> {
  return statesBefore(program, x, 1, 0).then((states) =>
    localMap(program, { fromLayer: 0, toLayer: program.parts.length - 1, bits }, states),
  )
}

function scoresOf({ base, output: { matrix, value } }: LocalMap, x: Float64Array): Float64Array {
  return value.map((start, row) =>
    x.reduce((sum, at, i) => sum + matrix[row * x.length + i] * (at - base[i]), start),
  )
}

function area(loop: readonly Place[]): number {
  return loop.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = loop[(i + 1) % loop.length]
    return sum + (x * nextY - nextX * y) / 2
  }, 0)
}

function inside(loop: readonly Place[], [x, y]: Place): boolean {
  return loop.every(([ax, ay], i) => {
    const [bx, by] = loop[(i + 1) % loop.length]
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-12
  })
}
