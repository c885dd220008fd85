import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { AtlasError } from '../../../compute/errors.ts'
import { findServer, type RunningServer } from '../../http/serverFile.ts'
import { Answered } from '../failure.ts'
import { checkFile } from '../naming.ts'
import { runWithAtlas, type Cli } from '../session.ts'

export interface QueryOptions {
  variables?: string
}

type Variables = Record<string, unknown>

const answerSchema = z.looseObject({ data: z.unknown().optional(), errors: z.array(z.unknown()).optional() })
type GraphqlAnswer = z.infer<typeof answerSchema>

/**
 * `atlas query`: asks the server of this ATLAS_HOME where one runs, else answers in this process. With
 * DATABASE_URL it always does the latter, since a server here may serve another atlas. The answer is JSON, with
 * or without `--json`; errors in it end with exit code 1.
 */
export async function queryCommand(cli: Cli, file: string, options: QueryOptions): Promise<void> {
  const query = file === '-' ? await text(process.stdin) : await readText(file)
  const variables = await readVariables(options.variables)
  const server = cli.settings.databaseUrl === undefined ? await findServer(cli.settings.home) : null
  const answer = server ? await ask(server, query, variables) : await answerHere(cli, query, variables)
  cli.output.answer(answer, JSON.stringify(answer, null, 2))
  if (answer.errors !== undefined) throw new Answered()
}

async function answerHere(cli: Cli, query: string, variables: Variables): Promise<GraphqlAnswer> {
  const { executeLocally } = await import('../../http/api/executeLocally.ts')
  let answer: GraphqlAnswer = {}
  await runWithAtlas(cli, async ({ atlas }) => {
    // Errors and scalars become what a client would receive.
    const result = await executeLocally(atlas, query, variables)
    answer = answerSchema.parse(JSON.parse(JSON.stringify(result)))
  })
  return answer
}

async function ask({ url, key }: RunningServer, query: string, variables: Variables): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify({ query, variables }),
  })
  const body = await response.text()
  try {
    return answerSchema.parse(JSON.parse(body))
  } catch {
    throw new AtlasError(
      'BAD_ANSWER',
      `The server at ${url} answered ${response.status} and no GraphQL: ${body}`,
    )
  }
}

async function readText(path: string): Promise<string> {
  await checkFile(path)
  return readFile(path, 'utf8')
}

async function readVariables(option: string | undefined): Promise<Variables> {
  if (option === undefined) return {}
  const json = option.startsWith('@') ? await readText(option.slice(1)) : option
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json))
  } catch {
    throw new AtlasError(
      'BAD_VARIABLES',
      `The variables are no JSON object: give them as '{"name": "mnist-a"}'.`,
    )
  }
}
