import { graphql } from './atlas.ts'
import { useAnswer } from './useAnswer.ts'

const Choices = graphql(`
  query Choices {
    networks(first: 500) {
      nodes {
        name
        inputShape
        exactness
        layers {
          index
          operator
        }
      }
    }
    datasets(first: 500) {
      nodes {
        name
        shape
        inputCount
        classNames
      }
    }
  }
`)

/**
 * The network of a geometric question, and the dataset from which its points are taken: those asked for, where the one is
 * piecewise affine and the other fits it, else the first that do. Null where there is none.
 */
export function useSetting(network: string, dataset: string) {
  const { networks, datasets } = useAnswer(Choices, {})
  const exact = networks.nodes.filter(({ exactness }) => exactness === 'PIECEWISE_AFFINE')
  const chosen = exact.find(({ name }) => name === network) ?? (network === '' ? exact.at(0) : undefined)
  const fitting = datasets.nodes.filter(({ shape }) => chosen && size(shape) === size(chosen.inputShape))
  return {
    names: exact.map(({ name }) => name),
    network: chosen ?? null,
    dataset: fitting.find(({ name }) => name === dataset) ?? fitting.at(0) ?? null,
  }
}

/** Numbers of a sample of a shape. */
export const size = (shape: readonly number[]) => shape.reduce((product, axis) => product * axis, 1)

/** The dataset of an input's path, such as `mnist` of `mnist/17`. */
export const datasetOf = (path: string) => path.split('/')[0]
