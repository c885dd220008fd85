import { describe, expect, it } from 'vitest'
import { asciiPicture } from '#atlas/src/cli/asciiPicture.js'
import { duration } from '#atlas/src/cli/format.js'
import { parseSpan } from '#atlas/src/cli/layers.js'
import { nameOfFile } from '#atlas/src/cli/naming.js'
import { parseScale, parseShape } from '#atlas/src/cli/options.js'
import { describeProgress } from '#atlas/src/cli/progress.js'
import { topLabels } from '#atlas/src/cli/show/labels.js'
import { fields, table } from '#atlas/src/cli/text.js'

describe('asciiPicture', () => {
  it('averages two rows a character, dark to bright', () => {
    // Rows 0 and 1 make the first line, 2 and 3 the second: means 0, 0.5, 1 and 1, 1, 0.
    const values = Float32Array.of(0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0)
    expect(asciiPicture(values, [4, 3])).toBe(' +@\n@@')
  })

  it('takes channels first or last', () => {
    const first = asciiPicture(Float32Array.of(0, 3, 0, 0, 0, 0), [3, 1, 2])
    expect(first).toBeNull()
    const bright = Float32Array.of(0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9)
    expect(asciiPicture(bright, [3, 2, 2])).toBe(' @')
    const last = Float32Array.of(0, 0, 0, 9, 9, 9, 0, 0, 0, 9, 9, 9)
    expect(asciiPicture(last, [2, 2, 3])).toBe(' @')
  })

  it('shrinks wide images, keeps constant ones dark and refuses what is no image', () => {
    expect(asciiPicture(new Float32Array(112 * 4), [4, 112])?.split('\n')).toHaveLength(1)
    expect(asciiPicture(new Float32Array(4).fill(7), [2, 2])).toBe('')
    expect(asciiPicture(new Float32Array(5), [5])).toBeNull()
    expect(asciiPicture(new Float32Array(32), [2, 4, 4])).toBeNull()
  })
})

describe('describeProgress', () => {
  it('says share, counts, rate and time left', () => {
    expect(describeProgress({ done: 31_500, total: 70_000, rate: 12_000 })).toBe(
      '45 %  31,500/70,000  12,000/s  3 s left',
    )
  })

  it('leaves out what nobody knows', () => {
    expect(describeProgress({ done: 5, total: null, rate: 2.5 })).toBe('5  2.5/s')
    expect(describeProgress({ done: 8, total: 8, rate: null, step: 'last' })).toBe('100 %  8/8  last')
    expect(describeProgress({ done: 0, total: null, status: 'waiting' })).toBe('waiting')
  })
})

describe('tables and fields', () => {
  it('aligns columns, numbers to the right', () => {
    expect(
      table(
        ['name', 'inputs'],
        [
          ['a', 10_000],
          ['longer', 7],
        ],
      ),
    ).toBe(['name    inputs', 'a       10,000', 'longer       7'].join('\n'))
  })

  it('leaves out empty fields', () => {
    expect(
      fields([
        ['a', 1],
        ['bcd', ''],
        ['e', null],
        ['f', 'x'],
      ]),
    ).toBe('a    1\nf    x')
  })

  it('sorts labels by count', () => {
    const counts = [
      { label: 0, count: 1 },
      { label: 3, count: 1_200 },
      { label: 7, count: 1 },
    ]
    expect(topLabels(counts, ['zero'], 2)).toBe('3: 1,200, zero: 1, 1 more')
  })
})

it.each([
  [8.4, '8 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
])('says %d seconds as %s', (seconds, said) => {
  expect(duration(seconds)).toBe(said)
})

it.each([
  ['1..3', { from: 1, to: 3 }],
  ['2', { from: 2, to: 2 }],
  ['all', 'all'],
])('reads the span %s', (text, span) => {
  expect(parseSpan(text)).toEqual(span)
})

it.each(['', '1-3', '1..', '..3', '-1', '1..2..3', 'ALL'])('refuses the span "%s"', (text) => {
  expect(() => parseSpan(text)).toThrow(/1\.\.3/)
})

it.each(['', '0x28', '28x', '1,28', 'x'])('refuses the shape "%s"', (text) => {
  expect(() => parseShape(text)).toThrow(/1x28x28/)
})

it.each(['', '0', 'NaN', 'Infinity', '1/255'])('refuses the scale "%s"', (text) => {
  expect(() => parseScale(text)).toThrow(/number/)
})

it.each([
  ['/data/MNIST Net_256.onnx', 'mnist-net_256'],
  ['t10k-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte'],
  ['a.b.csv.gz', 'a.b'],
  ['./images/', 'images'],
  ['__x.npy', 'x'],
])('names %s %s', (path, name) => {
  expect(nameOfFile(path)).toBe(name)
})
