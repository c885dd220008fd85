import type { Server } from 'node:http'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import type { GraphQLSchema } from 'graphql'
import { formatError, type Context, type Executor } from '../../graphql/index.ts'
import type { Logger } from '../../log.ts'
import type { ServingSettings } from '../../settings.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import { trustedCache, type TrustedDocuments } from './documents.ts'
import { executionPlugin } from './execution.ts'
import type { KnownDocuments } from './known.ts'
import { costPlugin, documentLimits } from './limits.ts'
import { statusPlugin } from './status.ts'

/** What Apollo is set up with. */
export interface ApolloParts {
  http: Server
  schema: GraphQLSchema
  execute: Executor
  /** What was answered is told to. */
  known: KnownDocuments
  /** Where certain documents alone are answered. */
  documents: TrustedDocuments | null
  metrics: Metrics
  serving: Pick<ServingSettings, 'introspection'>
  log: Logger
}

/** Apollo with our limits, execution and errors; not started yet. */
export function createApollo(parts: ApolloParts): ApolloServer<Context> {
  const { http, schema, execute, known, documents, metrics, serving, log } = parts
  return new ApolloServer<Context>({
    schema,
    introspection: serving.introspection,
    // "Did you mean" would tell the schema name by name.
    hideSchemaDetailsFromClientErrors: !serving.introspection,
    // The command decides in which order things stop.
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(formatted, error, log),
    ...documentLimits,
    includeStacktraceInErrorResponses: false,
    ...(documents && { persistedQueries: { cache: trustedCache(documents) } }),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: http }),
      // Both would be there by default; the former has every field tell it when it begins.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      costPlugin(metrics),
      executionPlugin(execute, known, log),
      statusPlugin,
    ],
    logger: log,
  })
}
