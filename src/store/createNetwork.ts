import { AtlasError } from '../../compute/errors.ts'
import { type Database, type PrismaTransaction } from './database.ts'
import { nameLock } from './locks.ts'
import type { LayerRow, NetworkRow } from './models.ts'
import { checkNameFree } from './names.ts'
import { checkName } from './path.ts'

export type NewNetwork = Omit<NetworkRow, 'id' | 'byteCount' | 'createdAt'> & {
  layers: Omit<LayerRow, 'networkId'>[]
}

/**
 * Stores a network and its layers; its file is stored already. The same bytes under the same name again are
 * no error. Answers the id. Throws BAD_NAME, NAME_TAKEN, NETWORK_EXISTS (the bytes have another name).
 */
export async function createNetwork(db: Database, network: NewNetwork): Promise<number> {
  checkName(network.name)
  return db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw(nameLock)
    const known = await findBytes(tx, network)
    if (known !== null) return known
    await checkNameFree({ query: (statement) => tx.$queryRaw(statement) }, network.name)
    const { id } = await tx.network.create({ data: { ...network, layers: { create: network.layers } } })
    return id
  })
}

async function findBytes(tx: PrismaTransaction, network: NewNetwork): Promise<number | null> {
  const known = await tx.network.findUnique({ where: { sha256: network.sha256 } })
  if (!known) return null
  if (known.name === network.name) return known.id
  throw new AtlasError(
    'NETWORK_EXISTS',
    `These bytes are the network "${known.name}" already: use that name, or delete it first.`,
  )
}
