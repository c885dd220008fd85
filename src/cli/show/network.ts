import type { NetworkRow } from '../../store/models.ts'
import { partitionOrder } from '../../store/partitions.ts'
import { partitionCells, partitionHeader } from '../commands/list.ts'
import { count, moment } from '../format.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { layerView, networkView, partitionView } from '../views.ts'
import type { Answer } from './answer.ts'

/** Partitions shown; `atlas list partitions` has all. */
const SHOWN_PARTITIONS = 50

/** A network with its layers and partitions. */
export async function networkAnswer({ loaders }: AtlasCli, network: NetworkRow): Promise<Answer> {
  const layers = (await loaders.layersOfNetwork.load([network.id])).map((row) => layerView(network.name, row))
  const page = await loaders.partitionsOfNetwork.page([network.id], {
    first: SHOWN_PARTITIONS,
    order: partitionOrder,
  })
  const nodes = await Promise.all(page.rows.map((row) => partitionView(loaders, row)))
  const totalCount = await loaders.partitionsOfNetwork.count([network.id])
  const about = fields([
    ['network', network.name],
    ['description', network.description],
    ['tags', network.tags.join(' ')],
    ['parameters', network.parameterCount],
    ['input', `${network.inputShape.join('x')} ${network.inputType.toLowerCase()}`],
    ['output', network.outputShape.join('x')],
    ['exactness', [network.exactness, ...network.approximations].join('; ')],
    ['file', `${count(network.byteCount)} bytes, sha256 ${network.sha256}`],
    ['imported', moment(network.createdAt)],
  ])
  const header = ['path', 'operator', 'units', 'positions', 'bit is exact', 'name']
  const rows = layers.map((l) => [
    l.path,
    l.operator,
    l.unitCount,
    l.positionCount,
    l.exact ? 'yes' : 'no',
    l.name,
  ])
  const partitions = nodes.length === 0 ? null : table(partitionHeader, nodes.map(partitionCells))
  return {
    document: { kind: 'network', ...networkView(network), layers, partitions: { totalCount, nodes } },
    text: sections(
      about,
      section('Layers', table(header, rows)),
      partitions && section(titled('Partitions', nodes.length, totalCount), partitions),
    ),
  }
}

function titled(title: string, shown: number, totalCount: number): string {
  return shown < totalCount ? `${title} (${shown} of ${totalCount})` : title
}
