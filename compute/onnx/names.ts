import type { GraphProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { MAX_NAME_LENGTH, tooLarge } from './limits.ts'

/**
 * Checks the names of a graph: they become the names of layers and parts of sentences, and the runtime takes those of
 * tensors as C strings, which end at a NUL.
 * @throws AtlasError MALFORMED_ONNX, TOO_LARGE
 */
export function refuseNames(graph: GraphProto): void {
  for (const name of namesOf(graph)) {
    if (name.length > MAX_NAME_LENGTH) {
      throw tooLarge(
        `The name "${name.slice(0, 40)}…" has ${name.length} characters`,
        `${MAX_NAME_LENGTH}`,
        'Export the network with shorter names',
      )
    }
    if (name.includes('\0')) {
      throw new AtlasError(
        'MALFORMED_ONNX',
        `The name ${JSON.stringify(name)} holds a NUL character. Export the network with printable names.`,
      )
    }
  }
}

function* namesOf(graph: GraphProto): Generator<string> {
  for (const { name } of [...graph.input, ...graph.output, ...graph.initializer]) yield name
  for (const { values } of graph.sparseInitializer) if (values) yield values.name
  for (const { name, opType, domain, input, output } of graph.node) {
    yield* [name, opType, domain]
    yield* input
    yield* output
  }
}
