// Networks are read in a process of their own: what happens to it harms nobody else.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { inspectNetwork, inspectNetworkApart } from '#atlas/compute/onnx/index.js'
import { ModelProtoSchema } from 'onnx-buf'
import { afterEach, describe, expect, test } from 'vitest'
import { childrenOf, computed, inspectApart, isRunning, slowNetwork } from '../support/inspect.ts'
import { gateNets } from '../support/gateNets.ts'
import { buildMlp } from '../support/onnx.ts'
import { transformer } from '../support/transformer.ts'
import { killProcess } from '../support/workerProcess.ts'

const MLP = buildMlp({ sizes: [3, 4, 2] })
const SLOW = slowNetwork()

test('answers what reading the file here answers', async () => {
  const pooled = gateNets['MaxPool with padding'](4, 1).model
  expect(await inspectApart(MLP)).toEqual(await inspectNetwork(MLP))
  expect(await inspectApart(pooled)).toEqual(await inspectNetwork(pooled))
  const cut = inspectApart(MLP.subarray(0, 50))
  await expect(cut).rejects.toMatchObject({ name: 'AtlasError', code: 'MALFORMED_ONNX' })
})

test('reads files in turn, whatever pieces they come in', async () => {
  const widths = [1, 2, 3, 4]
  const summaries = await Promise.all(
    widths.map((width) => {
      const bytes = buildMlp({ sizes: [3, width, 2] })
      const pieces = () => [bytes.subarray(0, 7 * width), new Uint8Array(), bytes.subarray(7 * width)]
      return inspectNetworkApart({ byteCount: bytes.length, pieces })
    }),
  )
  expect(summaries.map(({ layers }) => layers[0].unitCount)).toEqual(widths)
})

test('refuses by its size a file that no ONNX file can have, and reads none of it', async () => {
  const pieces = () => {
    throw new Error('read')
  }
  await expect(inspectNetworkApart({ byteCount: 2 ** 31, pieces })).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: expect.stringMatching(/has 2147483648 bytes; the atlas takes at most 2147483647/),
  })
})

test('says so when a file is shorter than it was said to be, or cannot be read', async () => {
  const short = inspectNetworkApart({ byteCount: MLP.length + 1, pieces: () => [MLP] })
  await expect(short).rejects.toMatchObject({ code: 'TRUNCATED_FILE' })
  async function* lost() {
    yield MLP.subarray(0, 10)
    throw new Error('the database is gone')
  }
  const unread = inspectNetworkApart({ byteCount: MLP.length, pieces: lost })
  await expect(unread).rejects.toThrow('the database is gone')
  expect((await inspectApart(MLP)).layers).toHaveLength(1)
})

test('reads what crashed the runtime once: a LayerNormalization with an empty name for its bias', async () => {
  const model = fromBinary(ModelProtoSchema, transformer('erf').model)
  const [norm] = model.graph?.node ?? []
  expect(norm).toMatchObject({ opType: 'LayerNormalization', input: ['x', 'scale', 'bias'] })
  norm.input[2] = ''
  const named = await inspectApart(toBinary(ModelProtoSchema, model))
  norm.input.pop()
  expect(named).toEqual(await inspectApart(toBinary(ModelProtoSchema, model)))
})

describe('a file that is too much', () => {
  afterEach(async () => {
    // Whatever happened, the next file is read.
    expect((await inspectApart(MLP)).layers).toHaveLength(1)
  })

  test('of time', async () => {
    await expect(inspectApart(SLOW, { milliseconds: 200 })).rejects.toMatchObject({
      code: 'NETWORK_TIMED_OUT',
      message: expect.stringMatching(/took more than 0.2 s/),
    })
  })

  test('of memory', async () => {
    await expect(inspectApart(SLOW, { memory: 2 ** 20 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/took more than 0.0 GiB of memory/),
    })
  })

  test('for who waits for it', async () => {
    const controller = new AbortController()
    const reading = inspectApart(SLOW, { signal: controller.signal })
    const next = inspectApart(MLP, { signal: controller.signal })
    setImmediate(() => controller.abort(new Error('nobody waits')))
    await expect(reading).rejects.toThrow('nobody waits')
    await expect(next).rejects.toThrow('nobody waits')
  })
})

describe.runIf(process.platform === 'linux')('the process', () => {
  /** The process that a process has started to read a network. */
  const startedBy = async (pid = -1) => {
    await expect.poll(() => childrenOf(pid), { timeout: 10_000 }).toHaveLength(1)
    return childrenOf(pid)[0]
  }

  test('may be killed, and is replaced', async () => {
    await expect(inspectApart(SLOW, { milliseconds: 1 })).rejects.toMatchObject({ code: 'NETWORK_TIMED_OUT' })
    const reading = inspectApart(SLOW)
    const first = await startedBy(process.pid)
    process.kill(first, 'SIGSEGV')
    await expect(reading).rejects.toMatchObject({
      code: 'NETWORK_CRASHED',
      message: expect.stringMatching(/died \(SIGSEGV\)/),
    })
    expect((await inspectApart(MLP)).layers).toHaveLength(1)
    expect(await startedBy(process.pid)).not.toBe(first)
  })

  test('that dies while it waits costs nobody a file', async () => {
    await inspectApart(MLP)
    process.kill(await startedBy(process.pid), 'SIGKILL')
    expect((await inspectApart(MLP)).layers).toHaveLength(1)
  })

  test('is kept for the next file', async () => {
    await inspectApart(MLP)
    const first = await startedBy(process.pid)
    await inspectApart(MLP)
    expect(await startedBy(process.pid)).toBe(first)
  })

  /** Another process that reads a network, and then stays. */
  const readElsewhere = (bytes: Uint8Array) => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT])
    parent.stdin.end(bytes)
    return parent
  }

  test('ends with the one that started it, when it waits for the next file', async () => {
    const parent = readElsewhere(MLP)
    await once(parent.stdout, 'data')
    const child = await startedBy(parent.pid)
    await killProcess(parent, 'SIGTERM')
    await expect.poll(() => isRunning(child), { timeout: 5_000 }).toBe(false)
  })

  test('ends with the one that started it, when it computes', async () => {
    const parent = readElsewhere(SLOW)
    const child = await startedBy(parent.pid)
    // It starts in a third of that.
    await expect.poll(() => computed(child), { timeout: 20_000 }).toBeGreaterThan(1)
    await killProcess(parent, 'SIGKILL')
    await expect.poll(() => isRunning(child), { timeout: 5_000 }).toBe(false)
  })
})

/** Reads the network that comes by stdin, says so, and stays. */
const PARENT = `
  import { buffer } from 'node:stream/consumers'
  import { inspectNetworkApart } from '#atlas/compute/onnx/index.js'
  const bytes = await buffer(process.stdin)
  await inspectNetworkApart({ byteCount: bytes.length, pieces: () => [bytes] })
  console.log('read')
  setInterval(() => undefined, 1000)
`
