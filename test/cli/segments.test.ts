// Segments among the eight points, whose crossings of the axes are worked out from the points themselves.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase } from '../support/database.ts'
import { atlasHere, atlasJson, folder, points, writePointsCsv, writeQuadrantsNetwork } from './atlas.ts'

const database = useDatabase()
const run = (...args: string[]) => atlasHere(database.url, args)
const json = (...args: string[]) => atlasJson(database.url, args, '', atlasHere)

const PATH = 'quadrants/0..0@points/segments:100:1'
const WALK = ['segments', 'quadrants', 'points', '--layers', '0', '--pairs', '100'] as const

/** What the line between two points crosses: the axes, at different places. */
function crossed(a: number, b: number) {
  const [from, to] = [points[a], points[b]]
  const places = [0, 1].flatMap((axis) => {
    const [x, y] = [from[axis], to[axis]]
    return x > 0 === y > 0 ? [] : [x / (x - y)]
  })
  return {
    length: Math.hypot(to[0] - from[0], to[1] - from[1]),
    regionCount: 1 + new Set(places.map((place) => place.toFixed(12))).size,
    endpointHammingDistance: places.length,
  }
}

/** Pairs of points, those of one label first, the smaller label before the greater. */
const pairs = points
  .flatMap((_, j) => points.slice(0, j).map((_, i): [number, number] => [i, j]))
  .map(([i, j]) => (points[i][2] <= points[j][2] ? [i, j] : [j, i]))

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
})

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('atlas segments', () => {
  it('walks all pairs and tells the means within and between labels', async () => {
    const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number() })
    const group = z.object({
      kind: z.string(),
      labelA: z.number().nullable(),
      labelB: z.number().nullable(),
      count: z.number(),
      regionCount: estimate,
      boundaryDensity: estimate,
    })
    const answer = z
      .object({ segmentSet: z.looseObject({ groups: z.array(group) }) })
      .parse(await json(...WALK)).segmentSet
    expect(answer).toMatchObject({ path: PATH, sampled: false, pairCount: 28, segmentCount: 28 })
    const expected = [
      ['WITHIN', null, null, (a: number, b: number) => a === b],
      ['BETWEEN', null, null, (a: number, b: number) => a !== b],
      ['LABELS', 0, 0, (a: number, b: number) => a === 0 && b === 0],
      ['LABELS', 1, 1, (a: number, b: number) => a === 1 && b === 1],
      ['LABELS', 0, 1, (a: number, b: number) => a !== b],
    ] as const
    expect(answer.groups).toHaveLength(expected.length)
    for (const [i, [kind, labelA, labelB, holds]] of expected.entries()) {
      const members = pairs.filter(([a, b]) => holds(points[a][2], points[b][2]))
      const walks = members.map(([a, b]) => crossed(a, b))
      const found = answer.groups[i]
      expect(found).toMatchObject({ kind, labelA, labelB, count: members.length })
      expect(found.regionCount.mean).toBeCloseTo(mean(walks.map((walk) => walk.regionCount)), 12)
      const densities = walks.map(({ regionCount, length }) => (regionCount - 1) / length)
      expect(found.boundaryDensity.mean).toBeCloseTo(mean(densities), 6)
    }
  })

  it('prints a table, the second time without a job', async () => {
    expect(await json(...WALK)).toMatchObject({ job: null, segmentSet: { path: PATH } })
    const { code, stdout } = await run(...WALK)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^segments +quadrants\/0\.\.0@points\/segments:100:1$/m)
    expect(stdout).toMatch(/^pairs +all$/m)
    expect(stdout).toMatch(/^within +13 +0 +\d\.\d+ \(\d/m)
    expect(stdout).toMatch(/^0 - 1 +15 +0 /m)
    expect(await run('show', PATH)).toMatchObject({ code: 0, stdout })
  })

  it('says that a sample is one', async () => {
    const { stdout } = await run('segments', 'quadrants', 'points', '--pairs', '10', '--seed', '5')
    expect(stdout).toMatch(/^pairs +10 of 28, seed 5$/m)
    expect(await json('show', 'quadrants/0..1@points/segments:10:5')).toMatchObject({
      kind: 'segmentSet',
      sampled: true,
      groups: expect.arrayContaining([
        expect.objectContaining({ kind: 'WITHIN', count: 5 }),
        expect.objectContaining({ kind: 'BETWEEN', count: 5 }),
      ]),
    })
  })

  it.each([
    [['segments', 'nobody', 'points'], 'UNKNOWN_NETWORK'],
    [['segments', 'quadrants', 'nothing'], 'UNKNOWN_DATASET'],
    [['segments', 'quadrants', 'points', '--layers', '1..2'], 'BAD_SPAN'],
    [['show', 'quadrants/0@points/segments:7:7'], 'UNKNOWN_SEGMENT_SET'],
    [['export', 'quadrants/0@points/segments:7:7'], 'UNKNOWN_SEGMENT_SET'],
  ])('refuses atlas %j with %s', async (args, code) => {
    const result = await run(...args)
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: `))
  })

  it('takes no seed below 0', async () => {
    expect((await run(...WALK, '--seed', '-1')).code).toBe(2)
  })
})

describe('atlas export', () => {
  const prefix = join(folder, 'walked')
  const file = (format: string) => `${prefix}.segments.${format}`

  it('writes the segments of a set as CSV, NDJSON and Parquet', async () => {
    expect(await json('export', PATH, '--format', 'csv', '--out', prefix)).toEqual({
      segmentSet: PATH,
      format: 'csv',
      segments: { file: file('csv'), rows: 28 },
    })
    const lines = (await readFile(file('csv'), 'utf8')).trimEnd().split('\n')
    const [header, ...rows] = lines.map((line) => line.split(','))
    expect(rows).toHaveLength(28)
    const value = (row: string[], name: string) => Number(row[header.indexOf(name)])
    for (const row of rows) {
      const [a, b] = [value(row, 'fromInput'), value(row, 'toInput')]
      expect(pairs).toContainEqual([a, b])
      const { length, regionCount, endpointHammingDistance } = crossed(a, b)
      expect(row.slice(0, 2)).toEqual([PATH, String(rows.indexOf(row))])
      expect([value(row, 'fromLabel'), value(row, 'toLabel')]).toEqual([points[a][2], points[b][2]])
      expect(value(row, 'length')).toBeCloseTo(length, 6)
      expect(value(row, 'regionCount')).toBe(regionCount)
      expect(value(row, 'endpointHammingDistance')).toBe(endpointHammingDistance)
      expect(value(row, 'boundaryDensity')).toBeCloseTo((regionCount - 1) / length, 6)
      expect(value(row, 'endpointDensity')).toBeCloseTo(endpointHammingDistance / length, 6)
    }
    await json('export', PATH, '--out', prefix)
    const objects = (await readFile(file('ndjson'), 'utf8')).trimEnd().split('\n')
    const parsed = objects.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
    expect(parsed.map((object) => Object.values(object).map(String))).toEqual(rows)
    await json('export', PATH, '--format', 'parquet', '--out', prefix)
    const parquet = await asyncBufferFromFile(file('parquet'))
    const { key_value_metadata } = await parquetMetadataAsync(parquet)
    expect(key_value_metadata).toEqual([{ key: 'segments', value: PATH }])
    expect(await parquetReadObjects({ file: parquet })).toEqual(parsed)
  })
})
