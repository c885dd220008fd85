import { describe, expect, it } from 'vitest'
import { PrefixLevel } from '#atlas/compute/codes/index.js'

describe('a level of prefixes', () => {
  it('tells sites apart by the node above and by their code, over all that are added', () => {
    const level = new PrefixLevel()
    const codes = [1, 1, 2, 1, 2].flatMap((byte) => [byte, 0, 7])
    expect([...level.add(Uint8Array.from(codes), Int32Array.of(0, 1, 0, 0, 1))]).toEqual([0, 1, 2, 0, 3])
    expect([...level.add(Uint8Array.of(2, 0, 7, 9, 0, 7), Int32Array.of(1, 0))]).toEqual([3, 4])
    expect([...level.counts()]).toEqual([2, 1, 1, 2, 1])
  })

  it('leaves out what is in no node above', () => {
    const level = new PrefixLevel()
    expect([...level.add(Uint8Array.of(5, 6, 5, 6), Int32Array.of(-1, 3, 3, -1))]).toEqual([-1, 0, 1, -1])
    expect([...level.add(Uint8Array.of(5), Int32Array.of(-1))]).toEqual([-1])
    expect([...level.counts()]).toEqual([1, 1])
  })
})
