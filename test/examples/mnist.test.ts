import { describe, expect, it } from 'vitest'
import { readMnist, writeImage } from '#atlas/examples/training/mnist.js'

/** Images per digit 0 to 9, as published for MNIST. */
const published = {
  train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  t10k: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}

describe('readMnist', () => {
  it.each(['train', 't10k'] as const)(
    'reads the published number of images of each digit: %s',
    async (part) => {
      const { count, pixels, labels } = await readMnist(part)
      const perDigit = Array.from({ length: 10 }, () => 0)
      labels.forEach((label) => perDigit[label]++)
      expect(perDigit).toEqual(published[part])
      expect(labels.length).toBe(count)
      expect(pixels.length).toBe(count * 784)
    },
  )

  it('gives pixels as shares of 255, at the offset asked for', async () => {
    const data = await readMnist('t10k')
    const target = new Float32Array(3 * 784).fill(-1)
    writeImage(data, 5, target, 784)
    expect(target.subarray(0, 784).every((value) => value === -1)).toBe(true)
    expect(target.subarray(2 * 784).every((value) => value === -1)).toBe(true)
    const image = target.subarray(784, 2 * 784)
    expect(Math.min(...image)).toBe(0)
    expect(Array.from(image, (value) => Math.round(value * 255))).toEqual([
      ...data.pixels.subarray(5 * 784, 6 * 784),
    ])
  })
})
