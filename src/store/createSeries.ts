import { AtlasError } from '../../compute/errors.ts'
import type { Database, PrismaTransaction } from './database.ts'
import { nameLock } from './locks.ts'
import { checkNameFree } from './names.ts'
import { checkName } from './path.ts'

/** A series to be. */
export interface NewSeries {
  name: string
  description: string
  /** By rising step, networks by name. */
  members: readonly { network: string; step: number }[]
}

/** Members of a series at most: all of them are read and answered at once. */
const MAX_MEMBERS = 1000

/**
 * Stores a series and answers its id. Throws BAD_NAME, BAD_ARGUMENT (number of members, steps, a network twice),
 * NAME_TAKEN, UNKNOWN_NETWORK, DIFFERENT_LAYERS.
 */
export async function createSeries(db: Database, { name, description, members }: NewSeries): Promise<number> {
  checkName(name)
  checkMembers(members)
  return db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw(nameLock)
    await checkNameFree({ query: (statement) => tx.$queryRaw(statement) }, name)
    const ids = await lockNetworks(
      tx,
      members.map(({ network }) => network),
    )
    const rows = members.map(({ step }, index) => ({ index, step, networkId: ids[index] }))
    const { id } = await tx.series.create({ data: { name, description, members: { create: rows } } })
    return id
  })
}

function checkMembers(members: NewSeries['members']): void {
  const problem = problemOf(members)
  if (problem) throw new AtlasError('BAD_ARGUMENT', problem)
}

function problemOf(members: NewSeries['members']): string | null {
  if (members.length < 2 || members.length > MAX_MEMBERS)
    return `A series of ${members.length}: give it 2 to ${MAX_MEMBERS} networks.`
  const names = members.map(({ network }) => network)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) return `The network "${twice}" is given twice: a series holds a network once.`
  const fallen = members.findIndex(({ step }, i) => step <= (i === 0 ? -1 : members[i - 1].step))
  if (fallen < 0) return null
  const { network, step } = members[fallen]
  return fallen === 0
    ? `The step of "${network}" is ${step}: begin at 0 or later.`
    : `The step of "${network}" is ${step}, not after ${members[fallen - 1].step}: give the members by rising step.`
}

/** The ids of networks that have the same layers, held against deletion. Throws UNKNOWN_NETWORK, DIFFERENT_LAYERS. */
async function lockNetworks(tx: PrismaTransaction, names: string[]): Promise<number[]> {
  await tx.$executeRaw`select from network where name = any(${names}) for key share`
  const found = await tx.network.findMany({
    where: { name: { in: names } },
    include: { layers: { orderBy: { index: 'asc' } } },
  })
  const byName = new Map(found.map((network) => [network.name, network]))
  const networks = names.map((name) => {
    const network = byName.get(name)
    if (network) return network
    throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${name}": import it first.`)
  })
  const [first, ...others] = networks.map(({ name, layers }) => ({ name, layers: layersText(layers) }))
  const odd = others.find(({ layers }) => layers !== first.layers)
  if (odd)
    throw new AtlasError(
      'DIFFERENT_LAYERS',
      `The layers of "${odd.name}" are [${odd.layers}], those of "${first.name}" [${first.layers}]: the networks of a ` +
        'series need the same ones.',
    )
  return networks.map(({ id }) => id)
}

interface LayerForm {
  operator: string
  unitCount: number
  positionCount: number
  bitsPerUnit: number
}

/** Everything that must be the same: `Relu 64, Relu 32`. */
function layersText(layers: readonly LayerForm[]): string {
  const text = ({ operator, unitCount, positionCount, bitsPerUnit }: LayerForm) =>
    `${operator} ${unitCount}${positionCount === 1 ? '' : ` at ${positionCount} positions`}` +
    (bitsPerUnit === 1 ? '' : ` of ${bitsPerUnit} bits`)
  return layers.map(text).join(', ')
}
