/**
 * What the servers are asked: three questions, each in the words of each server's schema, with aliases where names differ.
 * An answer's values do not depend on the server (canonical.ts); the shape of lists and of keys may.
 */
import { idTypes, toGlobalId } from '../../src/graphql/globalId.ts'
import { sql, type Database } from '../../src/store/database.ts'
import { partitionPath, type PartitionKey } from '../../src/store/path.ts'
import type { ServerName } from './servers.ts'

/** One question, asked of several things in turn. */
export interface Question {
  name: string
  /** The GraphQL documents. */
  documents: Record<ServerName, string>
  /** Variables of each request. */
  variables: Record<ServerName, Record<string, string | number>[]>
}

/** Regions, which Q3 asks of in turn. */
const SOURCES = 64

const REGION = 'index memberCount activeBitCount exemplarPosition labelEntropy purity margin'

/** The fifty greatest regions of a partition, with their codes. */
const LIST: Record<ServerName, string> = {
  atlas: `query ($path: String!) {
    partition(path: $path) {
      regions(first: 50, orderBy: MEMBER_COUNT_DESC) { nodes { ${REGION} code { hash bitCount activeBitCount hex } } }
    }
  }`,
  postgraphile: `query ($id: Int!) {
    partition: partitionByRowId(rowId: $id) {
      regions: regionsByPartitionId(first: 50, orderBy: [MEMBER_COUNT_DESC, INDEX_DESC]) {
        nodes { ${REGION} code { hash bitCount activeBitCount bits } }
      }
    }
  }`,
  mercurius: `query ($id: Int!) {
    partition(id: $id) { regions(first: 50) { ${REGION} code { hash bitCount activeBitCount hex } } }
  }`,
}

const LAYER = 'index name operator unitCount positionCount'
const PARTITION = 'bitCount siteCount regionCount labelEntropy'
const TOP = 'index memberCount activeBitCount labelEntropy purity'

/** A network with its layers and partitions, and of each the ten greatest regions with codes and first members. */
const TREE: Record<ServerName, string> = {
  atlas: `query ($name: String!) {
    network(name: $name) {
      name
      layers { ${LAYER} }
      partitions(first: 10) {
        nodes {
          fromLayer { index }
          toLayer { index }
          ${PARTITION}
          regions(first: 10, orderBy: MEMBER_COUNT_DESC) {
            nodes { ${TOP} code { hash hex } members(first: 5) { edges { position margin node { index } } } }
          }
        }
      }
    }
  }`,
  postgraphile: `query ($name: String!) {
    network: networkByName(name: $name) {
      name
      layers: layersByNetworkId { nodes { ${LAYER} } }
      partitions: partitionsByNetworkId(first: 10) {
        nodes {
          fromLayer
          toLayer
          ${PARTITION}
          regions: regionsByPartitionId(first: 10, orderBy: [MEMBER_COUNT_DESC, INDEX_DESC]) {
            nodes { ${TOP} code { hash bits } members(first: 5) { nodes { position margin index: inputIndex } } }
          }
        }
      }
    }
  }`,
  mercurius: `query ($name: String!) {
    network(name: $name) {
      name
      layers { ${LAYER} }
      partitions(first: 10) {
        fromLayer
        toLayer
        ${PARTITION}
        regions(first: 10) { ${TOP} code { hash hex } members(first: 5) { position margin index: inputIndex } }
      }
    }
  }`,
}

/** A region's stored nearest neighbours with their codes, and those of each. */
const NEIGHBORS: Record<ServerName, string> = {
  atlas: `query ($id: ID!) {
    region: node(id: $id) {
      ... on Region {
        index
        code { hash hex }
        neighbors(first: 16) {
          edges {
            distance
            node { index code { hash hex } neighbors(first: 16) { edges { distance node { index } } } }
          }
        }
      }
    }
  }`,
  postgraphile: `query ($partitionId: Int!, $index: Int!) {
    region: regionByPartitionIdAndIndex(partitionId: $partitionId, index: $index) {
      index
      code { hash bits }
      neighbors(first: 16) {
        nodes {
          distance
          node { index code { hash bits } neighbors(first: 16) { nodes { distance index: neighbor } } }
        }
      }
    }
  }`,
  mercurius: `query ($partitionId: Int!, $index: Int!) {
    region(partitionId: $partitionId, index: $index) {
      index
      code { hash hex }
      neighbors(first: 16) {
        distance
        node { index code { hash hex } neighbors(first: 16) { distance index } }
      }
    }
  }`,
}

/** The questions, of what the sample atlas has. */
export async function readQuestions(db: Database): Promise<Question[]> {
  const partitions = await db.query<{ id: number } & Omit<PartitionKey, 'kind'>>(
    sql`select t.id, n.name as network, d.name as dataset, t.from_layer as "fromLayer", t.to_layer as "toLayer",
          t.granularity, t.position_start as "positionStart", t.position_step as "positionStep"
        from partition t join network n on n.id = t.network_id join dataset d on d.id = t.dataset_id
        where t.region_count >= 50 order by t.id`,
  )
  const networks = await db.query<{ name: string }>(sql`select name from network order by id`)
  const regions = await db.query<{ partitionId: number; index: number }>(
    sql`select r.partition_id as "partitionId", r.index from region r join partition t on t.id = r.partition_id
        where t.neighbor_count = 16 and t.region_count > 17
        order by r.member_count desc, r.partition_id, r.index limit ${SOURCES}`,
  )
  const ids = partitions.map(({ id }) => ({ id }))
  return [
    {
      name: 'list: 50 regions',
      documents: LIST,
      variables: {
        atlas: partitions.map((partition) => ({ path: partitionPath(partition) })),
        postgraphile: ids,
        mercurius: ids,
      },
    },
    {
      name: 'tree: network to members',
      documents: TREE,
      variables: { atlas: networks, postgraphile: networks, mercurius: networks },
    },
    {
      name: 'neighbours of neighbours',
      documents: NEIGHBORS,
      variables: {
        atlas: regions.map(({ partitionId, index }) => ({
          id: toGlobalId(idTypes.Region, [partitionId, index]),
        })),
        postgraphile: regions,
        mercurius: regions,
      },
    },
  ]
}
