/** Parts of the explorer that are plain functions, by properties and by hand. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rampColor, classColor, parseHex } from '../../web/src/lib/colors.ts'
import { unpackFloats, unpackInts } from '../../web/src/lib/packed.ts'
import { entityHref, pageHref } from '../../web/src/lib/paths.ts'
import { pictureShape } from '../../web/src/lib/pictureShape.ts'
import { layoutOf } from '../../web/src/parts/codeLayout.ts'
import { describeFiles, slug } from '../../web/src/views/atlas/givenFiles.ts'
import { nearestPoint, packColor, paintPoints } from '../../web/src/views/partition/map/paint.ts'
import { readFilter } from '../../web/src/views/partition/regionFilter.ts'
import { polygonAt, svgOf, type Polygon } from '../../web/src/views/slice/draw.ts'
import {
  ASPECT,
  cornersOf,
  planeThrough,
  pointAt,
  wholeView,
  zoomed,
} from '../../web/src/views/slice/plane.ts'
import { probabilitiesAt } from '../../web/src/views/segment/probabilities.ts'

const size = fc.integer({ min: 1, max: 9 })

describe('the layout of a code', () => {
  const axes = fc.oneof(fc.constant([]), fc.tuple(size), fc.tuple(size, size), fc.tuple(size, size, size))

  it('has a square of its own for each bit, which leads back to it', () => {
    fc.assert(
      fc.property(axes, fc.integer({ min: 1, max: 150 }), (axes, perPosition) => {
        const { bitCount, width, height, placeOf, bitAt, cell } = layoutOf(axes, perPosition)
        expect(bitCount).toBe(axes.reduce((product, axis) => product * axis, 1) * perPosition)
        const places = Array.from({ length: bitCount }, (_, bit) => placeOf(bit))
        expect(new Set(places).size).toBe(bitCount)
        places.forEach((place, bit) => {
          expect(place).toBeLessThan(width * height)
          expect(bitAt(place % width, Math.floor(place / width))).toBe(bit)
        })
        expect(cell).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  it('shows each unit of an image as a map of it', () => {
    const { placeOf, width } = layoutOf([2, 3], 4)
    // Bit 1 of position 0 begins the second map; position 4 is in the middle of the second row.
    const at = (bit: number) => [placeOf(bit) % width, Math.floor(placeOf(bit) / width)]
    const [[x], [, y]] = [at(1), at(1)]
    expect(at(4 * 4 + 1)).toEqual([x + 1, y + 1])
  })
})

describe('the plane through three points', () => {
  const point = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 })

  it('holds the points, at their true distances, inside of its whole view', () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        const plane = planeThrough(a, b, c)
        if (!plane) return
        const view = wholeView(plane)
        ;[a, b, c].forEach((given, i) => {
          const [x, y] = plane.points[i]
          pointAt(plane, x, y).forEach((value, k) => expect(value).toBeCloseTo(given[k], 6))
          expect(x).toBeGreaterThan(view.x)
          expect(x).toBeLessThan(view.x + view.width)
          expect(y).toBeGreaterThan(view.y)
          expect(y).toBeLessThan(view.y + ASPECT * view.width)
        })
      }),
    )
  })

  it('is none where they lie on one line', () => {
    expect(planeThrough([0, 0, 1], [1, 1, 1], [3, 3, 1])).toBe(null)
    expect(planeThrough([0, 0], [0, 0], [1, 0])).toBe(null)
  })

  it('is cut in views whose corners are those asked for', () => {
    const plane = planeThrough([0, 0, 0], [2, 0, 0], [0, 3, 0])
    if (!plane) throw new Error('There is no plane.')
    const { origin, u, v } = cornersOf(plane, { x: 1, y: 2, width: 8 })
    expect([origin.values, u.values, v.values]).toEqual([
      [1, 2, 0],
      [8, 0, 0],
      [0, 5, 0],
    ])
    expect(zoomed({ x: 1, y: 2, width: 8 }, 2, [0.5, 0.5])).toEqual({ x: 3, y: 3.25, width: 4 })
  })
})

describe('a cut', () => {
  const polygon = (vertices: number[][], prediction: number): Polygon => ({
    vertices,
    codeHash: '80'.repeat(16),
    prediction,
    region: null,
  })
  const left = polygon([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], 1) // prettier-ignore
  const right = polygon([[0.5, 0], [1, 0], [1, 1], [0.5, 1]], 2) // prettier-ignore
  const cut = {
    view: { x: 0, y: 0, width: 1 },
    regionCount: 2,
    complete: true,
    polygons: [left, right],
    decisionBoundary: [{ from: [0.5, 0], to: [0.5, 1] }],
  }

  it('finds the polygon at a place', () => {
    expect([0.1, 0.9, 1.5].map((u) => polygonAt(cut, u, 0.3))).toEqual([left, right, undefined])
  })

  it('is saved with its corners, the lower ones below', () => {
    const svg = svgOf(cut)
    expect(svg).toContain('points="0,625 500,625 500,0 0,0"')
    expect(svg).toContain('d="M500,625L500,0"')
  })
})

it('probabilities between two places are those of the scores between', () => {
  const outputs = [
    { t: 0, scores: [0, 0] },
    { t: 0.5, scores: [0, Math.log(3)] },
    { t: 1, scores: [Math.log(3), Math.log(3)] },
  ]
  for (const [t, first] of [
    [0, 0.5],
    [0.5, 0.25],
    [1, 0.5],
  ])
    // prettier-ignore
    expect(probabilitiesAt(outputs, t)[0]).toBeCloseTo(first, 12)
  expect(probabilitiesAt(outputs, 0.25)[0]).toBeCloseTo(1 / (1 + Math.sqrt(3)), 12)
})

describe('points', () => {
  const points = {
    positions: Float32Array.of(0, 0, 0.5, 0.5, -1, 1),
    colors: Uint32Array.of(packColor([255, 0, 0]), packColor([0, 255, 0]), packColor([0, 0, 255])),
    lit: Uint8Array.of(1, 1, 0),
  }

  it('are painted where they lie, y upwards, faint ones in their own colour', () => {
    const pixels = new Uint32Array(21 * 21)
    const faint = packColor([9, 9, 9])
    paintPoints(pixels, 21, 21, points, { scale: 8, left: 10, top: 10 }, 1, faint)
    expect([10 * 21 + 10, 6 * 21 + 14, 2 * 21 + 2, 0].map((at) => pixels[at])).toEqual([
      points.colors[0],
      points.colors[1],
      faint,
      0,
    ])
    expect([...new Uint8Array(pixels.buffer, 4 * (10 * 21 + 10), 4)]).toEqual([255, 0, 0, 255])
  })

  it('are found by the place, where they stand out', () => {
    expect(nearestPoint(points, 0.1, 0.1, 0.3)).toBe(0)
    expect(nearestPoint(points, 0.4, 0.4, 0.3)).toBe(1)
    expect(nearestPoint(points, -1, 1, 0.3)).toBe(-1)
  })
})

it('packed columns are read as the API packs them', () => {
  const floats = Float32Array.of(0.5, -3.25)
  expect(unpackFloats(Buffer.from(floats.buffer).toString('base64'))).toEqual(floats)
  const ints = Int32Array.of(-1, 7, 100_000)
  expect(unpackInts(Buffer.from(ints.buffer).toString('base64'))).toEqual(ints)
})

it('addresses keep what makes paths readable, and hide the rest', () => {
  expect(entityHref('mnist-a/0..2@mnist~positions:1+4')).toBe('/atlas/mnist-a/0..2@mnist~positions:1%2B4')
  expect(pageHref('/compare', { a: 'x/1..1@y', b: null, c: '' })).toBe('/compare?a=x/1..1@y')
  expect(pageHref('/slice', { a: 'a&b=c' })).toBe('/slice?a=a%26b%3Dc')
})

it('filters are read from the address, what cannot be read left out', () => {
  const filterOf = (search: string) => {
    const args = new URLSearchParams(search)
    return readFilter((name) => args.get(name) ?? '')
  }
  expect(filterOf('min=2&maxEntropy=0.5&label=0&bits=2:5=1, 1:3=0,x')).toEqual({
    memberCount: { min: 2, max: undefined },
    labelEntropy: { min: undefined, max: 0.5 },
    label: 0,
    cluster: undefined,
    bits: [
      { layer: 2, unit: 5, value: true },
      { layer: 1, unit: 3, value: false },
    ],
  })
  expect(Object.values(filterOf('min=many')).every((condition) => condition === undefined)).toBe(true)
})

it('files are taken for what their names say', () => {
  const named = (...names: string[]) => describeFiles(names.map((name) => new File([], name)))
  const roles = (...names: string[]) => named(...names).map(({ role }) => role)
  expect(roles('a.ONNX', 'train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz')).toEqual([
    'network',
    'data',
    'labels',
  ])
  expect(roles('labels.csv')).toEqual(['data'])
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(slug(name)).toMatch(/^[a-z0-9][a-z0-9._-]{0,62}$/)
    }),
  )
  expect(slug('My Net (v2).onnx')).toBe('my-net-v2-')
})

it('shapes of pictures are those that the API has pictures for', () => {
  const values = (shape: number[]) => {
    const picture = pictureShape(shape)
    return (
      picture && [picture.height, picture.width, picture.channels, picture.at(1, 2, picture.channels - 1)]
    )
  }
  expect(values([4, 5])).toEqual([4, 5, 1, 7])
  expect(values([3, 4, 5])).toEqual([4, 5, 3, 2 * 20 + 7])
  expect(values([4, 5, 3])).toEqual([4, 5, 3, 7 * 3 + 2])
  expect([values([784]), values([2, 4, 5]), values([1, 3, 4, 5])]).toEqual([null, null, null])
})

describe('colours', () => {
  /** Relative luminance (WCAG 2.2). */
  const luminance = (color: string) => {
    const [red, green, blue] = parseHex(color).map((channel) => {
      const share = channel / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }

  it.each(Array.from({ length: 10 }, (_, label) => label))(
    'of class %i stand out by 3 to 1 in both themes',
    (label) => {
      expect(contrast(classColor(label), '#ffffff')).toBeGreaterThanOrEqual(3)
      expect(contrast(classColor(label), '#1a1e22')).toBeGreaterThanOrEqual(3)
    },
  )

  it('of the ramp grow lighter evenly', () => {
    const lights = Array.from({ length: 21 }, (_, i) => luminance(rampColor(i / 20)))
    lights.slice(1).forEach((light, i) => expect(light).toBeGreaterThan(lights[i]))
  })
})
