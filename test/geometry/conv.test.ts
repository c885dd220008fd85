import { describe, expect, it } from 'vitest'
import { regionFacets } from '#atlas/compute/geometry/facets/index.js'
import {
  affineMapOf,
  cutSlice,
  endsOf,
  localMap,
  openProgram,
  statesBefore,
  walkSegments,
} from '#atlas/compute/geometry/index.js'
import { codeNaive, CONV_NETS, inputSize, preActivationsNaive, scoresNaive } from '../support/convNets.ts'
import { forwardNaive } from '../support/naive.ts'
import { buildModel, uniform } from '../support/onnx.ts'

const bitsOf = (code: string) => Uint8Array.from(code, Number)
const textOf = (bits: Uint8Array) => bits.join('')

describe.each(CONV_NETS)('geometry of a network with $name', (conv) => {
  const size = inputSize(conv)
  const last = conv.taps.length - 1
  const random = uniform(23)
  const draw = () => Float64Array.from({ length: size }, () => 2 * random() - 1)
  const open = () => openProgram(buildModel(conv.spec))

  it('walks segments through every polytope that 2,000 samples find, unit by unit', async () => {
    const [from, to] = [draw(), draw()]
    const at = (t: number) => from.map((value, i) => value + t * (to[i] - value))
    const program = await open()
    const ends = await endsOf(program, from, to, 1, 0)
    const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer: 0, toLayer: last })
    await program.close()
    expect(walk.regionCount).toBeGreaterThan(5)
    const { layers } = program.summary
    const starts = layers.map((_, layer) =>
      layers.slice(0, layer).reduce((sum, info) => sum + info.unitCount * info.positionCount, 0),
    )
    const bits = bitsOf(codeNaive(conv, from))
    const places = [...new Set(walk.crossings.map(({ t }) => t))]
    const codes = [textOf(bits)]
    for (const place of places) {
      for (const { layer, unit, position, turnsOn } of walk.crossings.filter(({ t }) => t === place)) {
        bits[starts[layer] + position * layers[layer].unitCount + unit] = Number(turnsOn)
      }
      codes.push(textOf(bits))
    }
    let piece = 0
    for (let sample = 0; sample <= 2000; sample++) {
      const code = codeNaive(conv, at(sample / 2000))
      while (piece < codes.length && codes[piece] !== code) piece++
      expect(piece).toBeLessThan(codes.length)
    }
    codes.forEach((code, i) => {
      const [begin, end] = [places[i - 1] ?? 0, places[i] ?? 1]
      if (end - begin > 1e-9) expect(codeNaive(conv, at((begin + end) / 2))).toBe(code)
    })
  })

  it('has the affine map that the network is inside a region, and its boundaries', async () => {
    const x = draw()
    const code = codeNaive(conv, x)
    const program = await open()
    const region = { fromLayer: 0, toLayer: last, bits: bitsOf(code) }
    const at = await statesBefore(program, x, 1, 0)
    const map = await affineMapOf(program, region, at)
    const { guards, base } = await localMap(program, region, at)
    await program.close()
    for (let sample = 0; sample < 40; sample++) {
      const y = x.map((value) => value + 0.02 * (2 * random() - 1))
      const signs = guards.flatMap(({ matrix, value }) =>
        Array.from(value, (start, row) =>
          base.reduce((sum, origin, i) => sum + matrix[row * size + i] * (y[i] - origin), start),
        ),
      )
      const there = codeNaive(conv, y)
      expect(signs.every((value, bit) => value > 0 === (code[bit] === '1'))).toBe(there === code)
      if (there !== code) continue
      scoresNaive(conv, y).forEach((score, row) => {
        const own = y.reduce((sum, value, i) => sum + map.matrix[row * size + i] * value, map.bias[row])
        expect(Math.abs(own - score)).toBeLessThan(1e-9 * (1 + Math.abs(score)))
      })
    }
  })

  it('has facets beyond which just their own units flip', async () => {
    const x = draw()
    const code = codeNaive(conv, x)
    const bits = bitsOf(code)
    const program = await open()
    const region = { fromLayer: 0, toLayer: last, bits }
    const map = await localMap(program, region, await statesBefore(program, x, 1, 0))
    await program.close()
    const found = regionFacets(map, bits)
    if (found.kind !== 'FACETS') throw new Error(found.kind)
    expect(codeNaive(conv, found.inside)).toBe(code)
    expect(found.facets.length).toBeGreaterThan(2)
    for (const { bounds, normal, point, margin } of found.facets.slice(0, 12)) {
      const step = Math.min(margin, 1e-3) / 2
      const beyond = codeNaive(
        conv,
        point.map((value, i) => value + step * normal[i]),
      )
      const flipped = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? bound.bits : []))
      expect([...beyond].flatMap((bit, i) => (bit === code[i] ? [] : [i]))).toEqual(flipped)
    }
  })

  it('cuts slices into polygons of one code each', async () => {
    const [origin, u, v] = [draw(), draw(), draw()]
    const place = (a: number, b: number) => origin.map((value, i) => value + a * u[i] + b * v[i])
    const corners = Float64Array.from([
      ...[place(0, 0), place(1, 0), place(1, 1), place(0, 1)].flatMap((corner) => [...corner]),
    ])
    const program = await open()
    const slice = await cutSlice(program, {
      corners: await statesBefore(program, corners, 4, 0),
      fromLayer: 0,
      toLayer: last,
      maxRegions: 5000,
    })
    await program.close()
    expect(slice.complete).toBe(true)
    expect(slice.polygons.length).toBeGreaterThan(5)
    for (const { vertices, bits } of slice.polygons.slice(0, 300)) {
      const [a, b] = [0, 1].map(
        (axis) => vertices.reduce((sum, vertex) => sum + vertex[axis], 0) / vertices.length,
      )
      const pre = preActivationsNaive(conv, place(a, b)).flat()
      pre.forEach((value, bit) => {
        if (Math.abs(value) > 1e-9) expect(Number(value > 0)).toBe(bits[bit])
      })
    }
  })
})

it('takes and gives activations inside of a network in the order of its tensors', async () => {
  const [conv] = CONV_NETS
  const x = Float64Array.from({ length: inputSize(conv) }, (_, i) => Math.sin(i))
  const tensors = forwardNaive(conv.spec, x)
  const own = preActivationsNaive(conv, x)
  const program = await openProgram(buildModel(conv.spec))
  const region = { fromLayer: 1, toLayer: 1, bits: Uint8Array.from(own[1], (value) => Number(value > 0)) }
  const map = await localMap(program, region, await statesBefore(program, x, 1, 1))
  const first = { fromLayer: 0, toLayer: 0, bits: Uint8Array.from(own[0], (value) => Number(value > 0)) }
  const { output } = await localMap(program, first, await statesBefore(program, x, 1, 0))
  await program.close()
  const activations = tensors.get('r0')?.values ?? []
  expect(map.base).toHaveLength(activations.length)
  activations.forEach((value, i) => expect(map.base[i]).toBeCloseTo(value, 12))
  activations.forEach((value, i) => expect(output.value[i]).toBeCloseTo(value, 12))
  own[1].forEach((value, bit) => expect(map.guards[0].value[bit]).toBeCloseTo(value, 12))
})
