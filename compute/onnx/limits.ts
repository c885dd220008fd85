import { AtlasError } from '../errors.ts'

/** Bytes of a file. A protobuf message, and so an ONNX file without external data, cannot be larger. */
export const MAX_FILE_BYTES = 2 ** 31 - 1

/**
 * Messages within messages. A subgraph takes three (graph, node, attribute), so that this is some 30 subgraphs within
 * each other. The runtime's protobuf stops at the same depth.
 */
export const MAX_DEPTH = 100

/** Nodes of a graph. The largest exports of transformers have some ten thousands; loading takes about 30 µs a node. */
export const MAX_NODES = 100_000

/** Gates of a graph: each is a row of its own, and a tensor that every run puts out. 10,000 take 9 s to import. */
export const MAX_LAYERS = 10_000

/** Elements of a stored tensor: as many float32 as a file can hold. */
export const MAX_TENSOR_ELEMENTS = 2 ** 29

/** Elements that a sparse tensor is spread over, whatever it holds: 256 MiB as float32, which the runtime fills. */
export const MAX_SPARSE_ELEMENTS = 2 ** 26

/** Elements of one input sample: an image of 4,096 x 4,096, a volume of 256 x 256 x 256. 64 MiB as float32. */
export const MAX_SAMPLE_ELEMENTS = 2 ** 24

/**
 * Elements of all pre-activations and scores of one sample, which a run of one sample holds at once: 256 MiB as
 * float32. ResNet-152 has 23 million.
 */
export const MAX_ACTIVATIONS = 2 ** 26

/** Entries of all windows of a MaxPool, which are listed one by one: 512 MiB. VGG's largest has 3.2 million. */
export const MAX_WINDOW_ENTRIES = 2 ** 27

/** Characters of a name: exporters make some hundreds out of the path of a module. */
export const MAX_NAME_LENGTH = 1000

/**
 * What is larger than the atlas takes.
 * @param what begins the sentence, for example `The graph has 200000 nodes`
 */
export function tooLarge(what: string, limit: string, remedy: string): AtlasError {
  return new AtlasError('TOO_LARGE', `${what}; the atlas takes at most ${limit}. ${remedy}.`)
}

/** @throws AtlasError TOO_LARGE */
export function refuseLargeFile(byteCount: number): void {
  if (byteCount <= MAX_FILE_BYTES) return
  throw tooLarge(
    `The file has ${byteCount} bytes`,
    `${MAX_FILE_BYTES}, as ONNX does for a file with its weights inside`,
    'Export a smaller network, or this one in float16',
  )
}
