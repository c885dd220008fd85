/** The measurement itself: answers compared, then every server asked every question in turns. */
import { median, rounded, type Row } from '../report.ts'
import { canonical } from './canonical.ts'
import { generateLoad, type Request } from './load.ts'
import type { Question } from './questions.ts'
import { ask, type Server, type ServerName } from './servers.ts'

/** How long and how hard each server is asked each question. */
export interface Effort {
  connections: number
  rounds: number
  seconds: number
  warmUpSeconds: number
}

/** One server's answers to one question over one round. */
interface Round {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  cpuMs: number
  statements: number
  /** Share of one core that the server used. */
  busy: number
}

/** What one server is asked, and what came of it. */
interface Lane {
  server: Server
  requests: Request[]
  rounds: Round[]
}

/** A row for each server and question: medians over rounds, in which the servers took turns. */
export async function measure(
  servers: readonly Server[],
  questions: readonly Question[],
  effort: Effort,
): Promise<Row[]> {
  const lanes: { question: Question; lanes: Lane[] }[] = []
  for (const question of questions) lanes.push({ question, lanes: await compareAnswers(servers, question) })
  const { connections, warmUpSeconds } = effort
  for (const { lanes: sides } of lanes)
    for (const { server, requests } of sides)
      await generateLoad(server.url, requests, connections, warmUpSeconds)
  for (let round = 0; round < effort.rounds; round++)
    for (const { question, lanes: sides } of lanes)
      for (const lane of sides) {
        const figures = await measureRound(lane, effort)
        console.log(
          `${question.name}, ${lane.server.title}: ${figures.requestsPerSecond.toFixed(0)} requests/s`,
        )
        lane.rounds.push(figures)
      }
  return lanes.flatMap(({ question, lanes: sides }) => rowsOf(question, sides))
}

/** Asks each server everything once. Throws where two answers have different values. */
async function compareAnswers(servers: readonly Server[], question: Question): Promise<Lane[]> {
  const lanes: Lane[] = []
  const agreed: string[] = []
  for (const server of servers) {
    const requests: Request[] = []
    for (const [turn, variables] of question.variables[server.name].entries()) {
      const body = JSON.stringify({ query: question.documents[server.name], variables })
      const text = await ask(server.url, body)
      const values = canonical(text)
      agreed[turn] ??= values
      if (values !== agreed[turn]) throw new Error(differenceOf(question, server.name, agreed[turn], values))
      requests.push({ body, answerBytes: Buffer.byteLength(text) })
    }
    lanes.push({ server, requests, rounds: [] })
  }
  return lanes
}

function differenceOf(question: Question, name: ServerName, agreed: string, values: string): string {
  const lines = agreed.split('\n')
  const others = values.split('\n')
  const line = lines.findIndex((text, i) => text !== others.at(i))
  return `${name} answers "${question.name}" with other values than the first server: line ${line} is "${others.at(line)}" in place of "${lines.at(line)}".`
}

async function measureRound({ server, requests }: Lane, effort: Effort): Promise<Round> {
  const before = await server.usage()
  const load = await generateLoad(server.url, requests, effort.connections, effort.seconds)
  const after = await server.usage()
  const cpuMs = after.cpuMs - before.cpuMs
  const quantile = (share: number) => load.latencies[Math.ceil(share * load.latencies.length) - 1]
  return {
    requestsPerSecond: load.requests / load.seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    cpuMs: cpuMs / load.requests,
    statements: (after.statements - before.statements) / load.requests,
    busy: cpuMs / 1000 / load.seconds,
  }
}

function rowsOf({ name }: Question, lanes: readonly Lane[]): Row[] {
  const medians = lanes.map(
    ({ rounds }) =>
      (figure: keyof Round) =>
        median(rounds.map((round) => round[figure])),
  )
  const [own] = medians
  return lanes.map(({ server, requests }, i) => ({
    question: name,
    server: server.title,
    requestsPerSecond: rounded(medians[i]('requestsPerSecond')),
    ratio: rounded(medians[i]('requestsPerSecond') / own('requestsPerSecond')),
    p50Ms: rounded(medians[i]('p50Ms')),
    p99Ms: rounded(medians[i]('p99Ms')),
    cpuMs: rounded(medians[i]('cpuMs')),
    cpuRatio: rounded(medians[i]('cpuMs') / own('cpuMs')),
    coreShare: rounded(medians[i]('busy'), 2),
    statements: rounded(medians[i]('statements')),
    bytes: rounded(requests.reduce((sum, { answerBytes }) => sum + answerBytes, 0) / requests.length, 4),
  }))
}
