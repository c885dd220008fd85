import { z } from 'zod'

/** One sample network as examples/networks/manifest.json lists it. */
export const sampleNetwork = z.strictObject({
  /** The name it gets in the atlas. */
  name: z.string(),
  /** The ONNX file, beside the manifest. */
  file: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** Number of weights and biases. */
  parameters: z.int(),
  /** Share of the 10,000 MNIST test images that it classifies as labelled, on the machine that trained it. */
  testAccuracy: z.number(),
  /** Training steps taken: 0 for an untrained network. */
  step: z.int(),
  /** The same in passes over the training images, rounded to 0.001. */
  epoch: z.number(),
  /** Of the initialisation and the order of the images. */
  seed: z.int(),
  /** Layer widths, input to output: `784-64-10`. ReLU after each but the last. */
  architecture: z.string(),
})

/** The content of examples/networks/manifest.json: runs one after the other, each from its first step to its last. */
export const manifest = z.array(sampleNetwork)

export type SampleNetwork = z.infer<typeof sampleNetwork>
