import { expect, it } from 'vitest'
import { openSession } from '#atlas/compute/onnx/session.js'
import { buildMlp, forwardMlp } from '../support/onnx.ts'

const net = { sizes: [3, 5, 2], seed: 2 }
const values = Float32Array.of(0.5, -1, 2)

it('where CUDA’s files are missing, which makes ONNX Runtime throw, the CPU takes the network', async () => {
  const session = await openSession(buildMlp(net), 1, [['cuda', 'cpu'], ['cpu']])
  const [{ values: scores }] = await session.run('x', { values, dims: [1, 3] }, ['scores'])
  await session.close()
  forwardMlp(net, values).scores.forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 5))
})

it('a model that none takes is refused with the runtime’s reason', async () => {
  await expect(openSession(new Uint8Array(8), 1, [['cuda', 'cpu'], ['cpu']])).rejects.toThrow(
    expect.objectContaining({ code: 'MALFORMED_ONNX' }),
  )
})
