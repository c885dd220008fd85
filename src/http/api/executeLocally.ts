import { graphql, type ExecutionResult } from 'graphql'
import { clientError, createContextFactory, createSchema } from '../../graphql/index.ts'
import { createLogger } from '../../log.ts'
import type { Database } from '../../store/database.ts'

/** Answers a GraphQL request in this process, without a server; errors read as a server's would. */
export async function executeLocally(
  atlas: { db: Database },
  source: string,
  variableValues: Record<string, unknown>,
): Promise<ExecutionResult> {
  const log = createLogger({ logLevel: 'error' }, 'query')
  const contexts = createContextFactory(atlas.db)
  try {
    const contextValue = contexts.create()
    const result = await graphql({ schema: createSchema(), source, variableValues, contextValue })
    return { ...result, errors: result.errors?.map((error) => clientError(error, log)) }
  } finally {
    await contexts.close()
  }
}
