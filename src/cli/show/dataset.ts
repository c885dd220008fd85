import type { DatasetRow } from '../../store/models.ts'
import { count, moment } from '../format.ts'
import { fields } from '../text.ts'
import { datasetView } from '../views.ts'
import type { Answer } from './answer.ts'

/** A dataset. */
export function datasetAnswer(dataset: DatasetRow): Answer {
  return {
    document: { kind: 'dataset', ...datasetView(dataset) },
    text: fields([
      ['dataset', dataset.name],
      ['inputs', dataset.inputCount],
      ['shape', dataset.shape.join('x')],
      ['classes', dataset.classNames.join(', ')],
      ['vocabulary', dataset.tokenStyle && `${count(dataset.tokenCount)} tokens`],
      ['values', dataset.elementType === 'U8' ? `bytes x ${dataset.scale}` : 'float32'],
      ['sha256', dataset.sha256],
      ['imported', moment(dataset.createdAt)],
    ]),
  }
}
