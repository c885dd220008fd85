import { Tensor } from 'onnxruntime-node'
import { classCount, pixelCount, writeImage } from './mnist.ts'
import type { LabelledImages } from './mnist.ts'
import { createSession, floatsOf } from './session.ts'

/** Images a run; 1,000 take 3 MB. */
const chunkSize = 1000

/** How many of the images an exported network (see `exportNetwork`) gives its highest logit at their label. */
export async function countCorrect(model: Uint8Array<ArrayBuffer>, data: LabelledImages): Promise<number> {
  const session = await createSession(model)
  let correct = 0
  for (let start = 0; start < data.count; start += chunkSize) {
    const count = Math.min(chunkSize, data.count - start)
    const images = new Float32Array(count * pixelCount)
    for (let row = 0; row < count; row++) writeImage(data, start + row, images, row * pixelCount)
    const { logits } = await session.run({ image: new Tensor('float32', images, [count, 1, 28, 28]) })
    const scores = floatsOf(logits)
    for (let row = 0; row < count; row++) {
      const rowScores = scores.subarray(row * classCount, (row + 1) * classCount)
      if (rowScores.indexOf(Math.max(...rowScores)) === data.labels[start + row]) correct++
    }
  }
  await session.release()
  return correct
}
