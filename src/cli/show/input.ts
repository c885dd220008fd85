import { AtlasError } from '../../../compute/errors.ts'
import { decodeValues } from '../../ingest/index.ts'
import { inputText } from '../../jobs/direct/inputText.ts'
import type { DatasetRow } from '../../store/models.ts'
import { partitionFilter, partitionOrder } from '../../store/partitions.ts'
import { asciiPicture } from '../asciiPicture.ts'
import { decimal } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { partitionView, regionView } from '../views.ts'
import type { Answer } from './answer.ts'

/** Values of an input that is no image which the text shows; `--json` has all. */
const SHOWN_VALUES = 32
/** Partitions whose region of the input is shown. */
const SHOWN_PARTITIONS = 50

/** An input, as a picture where it is an image, and the regions that hold it. Throws UNKNOWN_INPUT. */
export async function inputAnswer(cli: AtlasCli, dataset: DatasetRow, index: number): Promise<Answer> {
  const { loaders } = cli
  const input = await loaders.input.load([dataset.id, index])
  const raw = await loaders.rawValues.load([dataset.id, index])
  if (!input || !raw)
    throw new AtlasError(
      'UNKNOWN_INPUT',
      `The dataset "${dataset.name}" has no input ${index}: its inputs are 0 to ${dataset.inputCount - 1}.`,
    )
  const values = decodeValues(raw, dataset.elementType, dataset.scale)
  const regions = await regionsOf(cli, dataset, index)
  const path = `${dataset.name}/${index}`
  const className = input.label === null ? null : (dataset.classNames[input.label] ?? null)
  const readable = await inputText(loaders, raw, dataset)
  const picture = readable === null ? asciiPicture(values, dataset.shape) : null
  return {
    document: {
      ...{ kind: 'input', path, index, label: input.label, className },
      ...{ values: [...values], text: readable, regions },
    },
    text: sections(
      fields([
        ['input', path],
        ['label', labelText(input.label, className)],
        ['shape', dataset.shape.join('x')],
        ['text', readable],
        ['values', picture === null ? valuesText(values) : null],
      ]),
      picture,
      regions.length === 0
        ? null
        : section(
            'Regions',
            table(
              ['path', 'members', 'purity'],
              regions.map((region) => [region.path, region.memberCount, decimal(region.purity)]),
            ),
          ),
    ),
  }
}

/** The region at position 0 in each of the dataset's computed partitions. */
async function regionsOf({ loaders }: AtlasCli, dataset: DatasetRow, index: number) {
  const page = await loaders.partitions.page([], {
    first: SHOWN_PARTITIONS,
    order: partitionOrder,
    filter: partitionFilter({ dataset: dataset.name, granularity: 'WHOLE_INPUT' }),
  })
  const found = await Promise.all(
    page.rows.map(async (row) => {
      const region = await loaders.regionOfSite.load([row.id, index, 0])
      return region && regionView(await partitionView(loaders, row), region)
    }),
  )
  return found.filter((region) => region !== null)
}

function labelText(label: number | null, className: string | null): string | null {
  if (label === null) return null
  return className === null || className === String(label) ? String(label) : `${label} (${className})`
}

function valuesText(values: Float32Array): string {
  const shown = [...values.subarray(0, SHOWN_VALUES)].map(decimal).join(' ')
  return values.length > SHOWN_VALUES ? `${shown} … (${values.length} values)` : shown
}
