/** The rows of embeddings, in the words of the GraphQL schema. Their positions are read apart. */
export interface EmbeddingRow {
  id: number
  partitionId: number
  neighbors: number
  seed: number
  computedAt: Date | null
  jobId: string | null
  createdAt: Date
}
