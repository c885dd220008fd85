import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { expectRefusal, readAll, temporaryFolder } from './support.ts'

const root = temporaryFolder()
let folderCount = 0

type Pixels = { width: number; height: number; channels: 1 | 2 | 3 | 4; data: Uint8Array }

/** Numbers from `first` on, so that every pixel and channel is told apart. */
const pixels = (width: number, height: number, channels: Pixels['channels'], first = 0): Pixels => ({
  width,
  height,
  channels,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => (first + 3 * i) % 256),
})

async function png({ data, ...raw }: Pixels): Promise<Buffer> {
  const image = sharp(data, { raw })
  return (raw.channels < 3 ? image.toColourspace('b-w') : image).png().toBuffer()
}

/** A new folder with these files; a name may begin with a folder. */
async function folder(files: Record<string, Pixels | Uint8Array>): Promise<string> {
  const path = join(root.path, String(folderCount++))
  mkdirSync(path)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), content instanceof Uint8Array ? content : await png(content))
  }
  return path
}

describe('folders', () => {
  test('of class folders are labelled by the sorted names of these', async () => {
    const path = await folder({
      'dog/1.png': pixels(2, 1, 1, 10),
      'cat/b.PNG': pixels(2, 1, 1, 40),
      'cat/a.png': pixels(2, 1, 1, 70),
      'Zebra/1.png': pixels(2, 1, 1, 100),
      'cat/notes.txt': Buffer.from('no image'),
      '.cache/1.png': pixels(9, 9, 3),
      'readme.md': Buffer.from('no image'),
    })
    const { dataset, data, labels } = await readAll(path)
    expect(dataset).toMatchObject({
      format: 'IMAGES',
      shape: [1, 1, 2],
      elementType: 'U8',
      scale: 1 / 255,
      inputCount: 4,
      classNames: ['Zebra', 'cat', 'dog'],
    })
    expect([...data]).toEqual([100, 103, 70, 73, 40, 43, 10, 13])
    expect(labels).toEqual([0, 1, 1, 2])
    const named = await readAll(path, { classNames: ['z', 'c', 'd'] })
    expect(named.dataset.classNames).toEqual(['z', 'c', 'd'])
    await expectRefusal(path, 'LABEL_OUT_OF_RANGE', /1\.png/, { classNames: ['z', 'c'] })
  })

  test('of images alone have no labels, or those of a file', async () => {
    const path = await folder({ '10.png': pixels(1, 1, 1, 10), '9.png': pixels(1, 1, 1, 9) })
    const { data, labels } = await readAll(path)
    expect([...data]).toEqual([10, 9])
    expect(labels).toBeNull()
    const labelsPath = root.write('labels.csv', 'label\n1\n0\n')
    expect((await readAll(path, { labelsPath })).labels).toEqual([1, 0])
  })

  test('may be links', async () => {
    const path = await folder({ 'a/1.png': pixels(1, 1, 1, 5) })
    symlinkSync(join(path, 'a'), join(path, 'b'))
    expect((await readAll(path)).labels).toEqual([0, 1])
  })

  test('more than a batch', async () => {
    const large = await png(pixels(600, 600, 3))
    const path = await folder(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${i}.png`, large])))
    const { rows, batchBytes } = await readAll(path)
    expect(rows).toBe(5)
    expect(batchBytes).toEqual(Array.from({ length: 5 }, () => 600 * 600 * 3))
    const small = await png(pixels(400, 400, 1))
    const many = await folder(
      Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`${10 + i}.png`, small])),
    )
    expect((await readAll(many)).batchBytes).toEqual([6, 6, 3].map((images) => images * 400 * 400))
  })
})

describe('pixels', () => {
  test('come as planes, one a channel', async () => {
    const image = pixels(3, 2, 3)
    const { dataset, data } = await readAll(await folder({ '1.png': image }))
    expect(dataset.shape).toEqual([3, 2, 3])
    const plane = (channel: number) => [...image.data].filter((_, i) => i % 3 === channel)
    expect([...data]).toEqual([...plane(0), ...plane(1), ...plane(2)])
  })

  test('lose their alpha channel and nothing else', async () => {
    const rgba = await readAll(await folder({ '1.png': pixels(2, 2, 4) }))
    expect(rgba.dataset.shape).toEqual([3, 2, 2])
    expect([...rgba.data]).toEqual([0, 12, 24, 36, 3, 15, 27, 39, 6, 18, 30, 42])
    const greyAlpha = await readAll(await folder({ '1.png': pixels(2, 1, 2) }))
    expect(greyAlpha.dataset.shape).toEqual([1, 1, 2])
    expect([...greyAlpha.data]).toEqual([0, 6])
  })

  test('of a JPEG file are those that sharp decodes', async () => {
    const { data, ...raw } = pixels(16, 16, 1)
    const jpeg = await sharp(data, { raw }).toColourspace('b-w').jpeg().toBuffer()
    const expected = await sharp(jpeg).toColourspace('b-w').raw().toBuffer()
    const { dataset, data: found } = await readAll(await folder({ '1.jpeg': jpeg }))
    expect(dataset.shape).toEqual([1, 16, 16])
    expect(found.equals(expected)).toBe(true)
  })
})

describe('refused', () => {
  test.each([
    ['another size', pixels(3, 2, 1), /"b\.png" is 3 × 2 pixels with 1 channel, "a\.png" is 2 × 2 pixels/],
    ['other channels', pixels(2, 2, 3), /"b\.png" is 2 × 2 pixels with 3 channels, "a\.png"/],
  ])('%s', async (_case, second, message) => {
    const path = await folder({ 'a.png': pixels(2, 2, 1), 'b.png': second })
    await expectRefusal(path, 'WRONG_IMAGE_SIZE', message)
  })

  test('what is no image, or half of one, first or later', async () => {
    const good = await png(pixels(50, 50, 1))
    const half = good.subarray(0, good.length / 2)
    await expectRefusal(
      await folder({ 'a.png': Buffer.from('text') }),
      'MALFORMED_IMAGE',
      /"a\.png" cannot be read/,
    )
    await expectRefusal(await folder({ 'a.png': good, 'b.png': half }), 'MALFORMED_IMAGE', /"b\.png"/)
    await expectRefusal(
      await folder({ 'a.png': good, 'b.jpg': Buffer.alloc(0) }),
      'MALFORMED_IMAGE',
      /"b\.jpg"/,
    )
  })

  test('16 bits a channel and CMYK', async () => {
    const { data, ...raw } = pixels(2, 2, 3)
    const deep = await sharp(data, { raw }).toColourspace('rgb16').png().toBuffer()
    await expectRefusal(await folder({ 'a.png': deep }), 'MALFORMED_IMAGE', /more than 8 bits/)
    const cmyk = await sharp(data, { raw }).toColourspace('cmyk').jpeg().toBuffer()
    await expectRefusal(await folder({ 'a.jpg': cmyk }), 'MALFORMED_IMAGE', /cmyk/)
  })

  test('an empty folder, images deeper down, images beside folders', async () => {
    await expectRefusal(await folder({}), 'EMPTY_DATASET', /no \.png or \.jpg/)
    await expectRefusal(
      await folder({ 'train/cat/1.png': pixels(1, 1, 1) }),
      'EMPTY_DATASET',
      /directly under it/,
    )
    const both = await folder({ '1.png': pixels(1, 1, 1), 'cat/1.png': pixels(1, 1, 1) })
    await expectRefusal(both, 'UNKNOWN_FORMAT', /beside folders/)
  })
})
