/** A load generator: keep-alive connections that ask again as soon as they are answered, with as little work as can be. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One request, and the bytes that its answer must have. */
export interface Request {
  body: string
  answerBytes: number
}

export interface Load {
  requests: number
  /** From the first request to the last answer. */
  seconds: number
  /** Of each request, ascending. */
  latencies: number[]
}

/**
 * Asks a server the requests in turn, over and over, for some seconds. Throws where an answer is not the expected one by
 * status and length: an error would be measured as a fast answer.
 */
export async function generateLoad(
  url: string,
  requests: readonly Request[],
  connections: number,
  seconds: number,
): Promise<Load> {
  const heads = requests.map(({ body }) => messageOf(url, body))
  const latencies: number[] = []
  let next = 0
  const start = performance.now()
  const until = start + seconds * 1000
  const askInTurn = async () => {
    const connection = await Connection.open(url)
    while (performance.now() < until) {
      const turn = next++ % requests.length
      const asked = performance.now()
      const bytes = await connection.ask(heads[turn])
      latencies.push(performance.now() - asked)
      if (bytes !== requests[turn].answerBytes)
        throw new Error(`An answer had ${bytes} bytes in place of ${requests[turn].answerBytes}.`)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, askInTurn))
  const taken = (performance.now() - start) / 1000
  return { requests: latencies.length, seconds: taken, latencies: latencies.sort((a, b) => a - b) }
}

/** The bytes of a request. */
export function messageOf(url: string, body: string): Buffer {
  const { host, pathname } = new URL(url)
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** One connection with one request at a time. Bodies are counted, not kept. */
export class Connection {
  readonly #socket: Socket
  #head: Buffer = Buffer.alloc(0)
  #length = 0
  /** Bytes of the body still to come; null while the head is read. */
  #left: number | null = null
  #answered: (bytes: number) => void = () => undefined
  #failed: (reason: Error) => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#failed(error))
    socket.on('close', () => this.#failed(new Error('The server closed a connection.')))
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Connection(socket)
  }

  /** Bytes of the answer's body. */
  ask(message: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#socket.write(message)
    })
  }

  close(): void {
    this.#failed = () => undefined
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    if (this.#left === null) {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
      const end = this.#head.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = this.#head.toString('latin1', 0, end)
      const length = /\r\ncontent-length: (\d+)/i.exec(head)
      if (!head.startsWith('HTTP/1.1 200') || !length) return this.#failed(new Error(`No answer: ${head}`))
      this.#length = Number(length[1])
      this.#left = this.#length - (this.#head.length - end - 4)
    } else this.#left -= chunk.length
    if (this.#left > 0) return
    this.#left = null
    this.#head = Buffer.alloc(0)
    this.#answered(this.#length)
  }
}
