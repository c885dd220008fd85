import { comparisonMatrix } from '../../jobs/direct/comparisonMatrix.ts'
import type { MatrixMetric } from '../../store/matrixMetrics.ts'
import { count, decimal } from '../format.ts'
import { findPartition } from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import { section, sections, table } from '../text.ts'
import { partitionView } from '../views.ts'

/** `atlas matrix`: what is compared already. */
export async function matrixCommand(
  cli: AtlasCli,
  paths: readonly string[],
  metric: MatrixMetric,
): Promise<void> {
  const { loaders, atlas } = cli
  const partitions = await Promise.all(paths.map((path) => findPartition(loaders, path)))
  const { values, baseline, missing } = await comparisonMatrix(atlas.db, partitions, metric)
  const views = await Promise.all(partitions.map((partition) => partitionView(loaders, partition)))
  const pathOf = new Map(partitions.map(({ id }, i) => [id, views[i].path]))
  const names = views.map(({ path }) => path)
  const lacking = missing.map(({ a, b }) => ({ a: pathOf.get(a.id) ?? '', b: pathOf.get(b.id) ?? '' }))
  cli.output.answer(
    { metric, partitions: names, values, baseline, missing: lacking },
    sections(
      section(metric.toLowerCase().replaceAll('_', ' '), matrixTable(names, values)),
      section('of permuted sites, as unrelated cuts would have it', matrixTable(names, baseline)),
      missingNote(lacking),
    ),
  )
}

/** Columns by number, since paths are long. */
function matrixTable(names: readonly string[], cells: readonly (readonly (number | null)[])[]): string {
  const rows = names.map((name, i) => [
    String(i + 1),
    name,
    ...cells[i].map((cell) => (cell === null ? '-' : decimal(cell))),
  ])
  return table(['', 'path', ...names.map((_, i) => String(i + 1))], rows)
}

function missingNote(missing: readonly { a: string; b: string }[]): string | null {
  const first = missing.at(0)
  return first
    ? `Pairs not compared: ${count(missing.length)}, the first by \`atlas compare ${first.a} ${first.b}\`.`
    : null
}
