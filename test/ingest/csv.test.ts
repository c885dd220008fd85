import fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openDataset } from '#atlas/src/ingest/index.js'
import { expectRefusal, openCount, readAll, temporaryFolder } from './support.ts'

const folder = temporaryFolder()
const csv = (...rows: string[]) => folder.write('table.csv', rows.join('\n'))

describe('values', () => {
  test('any float32 comes back, whatever line ends, quotes and blank rows', async () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }))
      .chain(([columns, rows]) => {
        const value = fc.float({ noNaN: true, noDefaultInfinity: true })
        const row = fc.array(value, { minLength: columns, maxLength: columns })
        return fc.array(row, { minLength: rows, maxLength: rows })
      })
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (rows, end, quoted) => {
        const text = (value: number) => (quoted ? `"${value}"` : ` ${value}`)
        const lines = rows.map((row) => row.map(text).join(',')).join(end + end)
        const { dataset, values } = await readAll(folder.write('any.csv', lines + end))
        expect(dataset.shape).toEqual([rows[0].length])
        expect([...values]).toEqual(rows.flat().map((value) => value + 0))
      }),
      { numRuns: 50 },
    )
  })

  test('more than a batch of them, gzipped', async () => {
    const rows = Array.from({ length: 1500 }, (_, i) =>
      Array.from({ length: 200 }, (_, j) => i * j).join(','),
    )
    const { values, batchBytes, dataset } = await readAll(folder.write('t.csv.gz', gzipSync(rows.join('\n'))))
    expect(dataset).toMatchObject({
      format: 'CSV',
      elementType: 'F32',
      scale: 1,
      inputCount: null,
      shape: [200],
    })
    expect(batchBytes).toEqual([1310 * 800, 190 * 800])
    expect(values[1499 * 200 + 199]).toBe(1499 * 199)
  })

  test('a byte order mark does not hide the first column', async () => {
    expect((await readAll(csv('\ufefflabel,a', '1,2'))).labels).toEqual([1])
  })
})

describe('labels', () => {
  test.each(['label', 'class', 'Target', 'species', 'y'])('the column called %s', async (name) => {
    const { dataset, values, labels } = await readAll(csv(`a,${name},b`, '1,0,2', '3,2,4'))
    expect([...values]).toEqual([1, 2, 3, 4])
    expect(labels).toEqual([0, 2])
    expect(dataset.classNames).toEqual(['0', '1', '2'])
  })

  test('in words become classes in order of first appearance', async () => {
    const path = csv('a,b,species', '1,2,virginica', '3,4,setosa', '5,6,virginica')
    const { dataset, labels } = await readAll(path)
    expect(labels).toEqual([0, 1, 0])
    expect(dataset.classNames).toEqual(['virginica', 'setosa'])
    const named = await readAll(path, { classNames: ['setosa', 'virginica'] })
    expect(named.labels).toEqual([1, 0, 1])
    expect(named.dataset.classNames).toEqual(['setosa', 'virginica'])
    await expectRefusal(path, 'LABEL_OUT_OF_RANGE', /row 3, column 3, "setosa"/, {
      classNames: ['virginica'],
    })
  })

  test.each([
    ['first', [7, 8], [1, 2, 3, 4]],
    ['0', [7, 8], [1, 2, 3, 4]],
    ['last', [2, 4], [7, 1, 8, 3]],
    ['1', [1, 3], [7, 2, 8, 4]],
    ['none', null, [7, 1, 2, 8, 3, 4]],
    [undefined, null, [7, 1, 2, 8, 3, 4]],
  ])('of a file without header: column %s', async (labelColumn, labels, values) => {
    const contents = await readAll(csv('7,1,2', '8,3,4'), { labelColumn })
    expect(contents.labels).toEqual(labels)
    expect([...contents.values]).toEqual(values)
  })

  test('a column by its name, and none although there is one', async () => {
    const path = csv('a,kind,label', '1,2,0', '3,1,1')
    expect((await readAll(path, { labelColumn: 'kind' })).labels).toEqual([2, 1])
    const all = await readAll(path, { labelColumn: 'none' })
    expect(all.labels).toBeNull()
    expect([...all.values]).toEqual([1, 2, 0, 3, 1, 1])
    await expectRefusal(path, 'UNKNOWN_COLUMN', /no column "sort".*0 to 2/, { labelColumn: 'sort' })
    await expectRefusal(path, 'UNKNOWN_COLUMN', /no column "3"/, { labelColumn: '3' })
  })

  test.each([
    ['numbers as names of columns', ['label,0,1', '5,6,7'], undefined, [5], [6, 7]],
    ['numbers as names, column by place', ['label,0,1', '5,6,7'], 'first', [5], [6, 7]],
    ['words as labels without header', ['1,2,y', '3,4,n'], 'last', [0, 1], [1, 2, 3, 4]],
    ['words as labels without header, y among them', ['1,2,y', '3,4,n'], undefined, [0, 1], [1, 2, 3, 4]],
    ['y above numbers', ['0,1,y', '3,4,1'], undefined, [1], [3, 4]],
    ['a name above numeric labels', ['0,1,kind', '3,4,1'], 'last', [1], [3, 4]],
    ['only a header of words for values', ['a,b', '3,4'], undefined, null, [3, 4]],
  ])('header or not: %s', async (_case, rows, labelColumn, labels, values) => {
    const contents = await readAll(csv(...rows), { labelColumn })
    expect(contents.labels).toEqual(labels)
    expect([...contents.values]).toEqual(values)
  })

  test("scikit-learn's header", async () => {
    const { dataset, labels, values } = await readAll(csv('2,3,red,green', '1,2,3,1', '4,5,6,0'))
    expect(dataset).toMatchObject({ shape: [3], inputCount: 2, classNames: ['red', 'green'] })
    expect(labels).toEqual([1, 0])
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6])
    await expectRefusal(csv('3,3,red,green', '1,2,3,1', '4,5,6,0'), 'TRUNCATED_FILE', /announces 3.*holds 2/)
    await expectRefusal(csv('1,3,red,green', '1,2,3,1', '4,5,6,0'), 'MALFORMED_CSV', /announces 1.*holds 2/)
    await expectRefusal(csv('2,3,red,green', '1,2,3,1', '4,5,6,2'), 'LABEL_OUT_OF_RANGE', /row 3, column 4/)
    const only = await readAll(csv('2,3,red,green', '1,2,3,1', '4,5,6,0'), { labelColumn: 'none' })
    expect(only.dataset.shape).toEqual([4])
  })
})

describe('refused, with row and column', () => {
  test.each([
    ['text', ['1,2', '3,x'], /row 2, column 2 holds "x"/],
    ['nothing', ['1,2', '3,'], /row 2, column 2 holds nothing/],
    ['hexadecimal', ['1,2', '3,0x10'], /row 2, column 2 holds "0x10"/],
    ['a short row', ['a,b', '1,2', '3'], /row 3 has 1 columns, expected are 2/],
    ['a long row', ['1,2', '3,4,5'], /row 2 has 3 columns/],
    ['a header of another length', ['a,b', '1,2,3'], /row 2 has 3 columns, expected are 2/],
    ['an open quote', ['1,2', '"3,4'], /quote/i],
    [
      'labels in words that no one announced',
      ['5.1,3.5,setosa', '4.9,3,setosa'],
      /column 3 holds "setosa".*labels/,
    ],
  ])('%s', async (_case, rows, message) => {
    await expectRefusal(csv(...rows), 'MALFORMED_CSV', message)
  })

  test.each(['nan', 'NaN', 'inf', '-Infinity', '1e39'])('the value %s', async (text) => {
    const path = csv('a,label,b', '1,0,2', `3,1,${text}`)
    await expectRefusal(path, 'NON_FINITE_VALUE', /"table\.csv", row 3, column 3/)
  })

  test.each([
    ['-1', /is -1/],
    ['1.5', /is 1\.5/],
    ['65536', /0 to 65535/],
    ['cat', /is "cat", while the labels before it are numbers/],
    ['', /is "", while/],
  ])('the label "%s"', async (text, message) => {
    await expectRefusal(csv('a,label', '1,0', `2,${text}`), 'LABEL_OUT_OF_RANGE', message)
  })

  test('an empty label among words', async () => {
    await expectRefusal(csv('a,label', '1,cat', '2,'), 'LABEL_OUT_OF_RANGE', /row 3, column 2, "", is empty/)
  })

  test('no rows, a header alone, labels alone', async () => {
    await expectRefusal(folder.write('e.csv', ''), 'EMPTY_DATASET', /is empty/)
    await expectRefusal(folder.write('e.csv', '\n\n'), 'EMPTY_DATASET', /no rows/)
    await expectRefusal(csv('a,b'), 'EMPTY_DATASET', /no sample/)
    await expectRefusal(csv('label', '1', '2'), 'EMPTY_DATASET', /no values/)
  })

  test('a row that never ends', async () => {
    const path = folder.write('endless.csv.gz', gzipSync(`1\n${'1'.repeat(17_000_000)}`))
    await expectRefusal(path, 'MALFORMED_CSV', /max_record_size|size/i)
  })

  test('and a consumer that stops early leaves no file open', async () => {
    const path = folder.write('early.csv', '1,2,3\n'.repeat(400_000))
    const dataset = await openDataset(path, {})
    expect(openCount(path)).toBe(0)
    for await (const batch of dataset.samples()) {
      expect(batch.rows).toBeGreaterThan(0)
      expect(openCount(path)).toBe(1)
      break
    }
    expect(openCount(path)).toBe(0)
  })
})
