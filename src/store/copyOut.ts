import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { statementChannel, type Database, type Transaction } from './database.ts'

const HEADER_BYTES = 19

/**
 * Streams the rows of a query as raw column bytes, by COPY … (format binary): pg itself receives bytea as
 * hexadecimal text, twice the bytes and a third of a core for every 100 MB/s. Integers are big-endian. The
 * reader's pace is the server's: no more than a few rows wait in memory.
 *
 * `query` takes no parameters: callers put in numbers and literals of their own only. A transaction sees nothing else
 * until the last row was read, and a reader that stops early leaves it of no use.
 */
export async function* copyOut(on: Database | Transaction, query: string): AsyncGenerator<(Buffer | null)[]> {
  if ('client' in on) return yield* copyFrom(on.client, query)
  const client = await on.pool.connect()
  let finished = false
  try {
    yield* copyFrom(client, query)
    finished = true
  } finally {
    // A reader that stops early leaves the connection in the middle of a COPY: it cannot be used again.
    client.release(!finished)
  }
}

async function* copyFrom(client: pg.PoolClient, query: string): AsyncGenerator<(Buffer | null)[]> {
  const text = `copy (${query}) to stdout (format binary)`
  statementChannel.publish(text)
  const rows = new RowDecoder()
  for await (const block of client.query(copyStreams.to(text))) yield* rows.add(block)
}

/** Bytes that are joined as they come. */
const BLOCK = 1 << 20

/**
 * All values of a query of one bytea column, joined. They are moved into blocks at once: a Buffer for each of ten million
 * codes is 3.7 GB beside the codes' own 320 MB.
 */
export async function copyOutBytes(db: Database, query: string): Promise<Buffer> {
  const full: Buffer[] = []
  let block = Buffer.allocUnsafe(BLOCK)
  let used = 0
  for await (const [value] of copyOut(db, query)) {
    if (!value) continue
    if (used + value.length > block.length) {
      full.push(block.subarray(0, used))
      block = Buffer.allocUnsafe(Math.max(BLOCK, value.length))
      used = 0
    }
    used += value.copy(block, used)
  }
  return Buffer.concat([...full, block.subarray(0, used)])
}

/** Cuts the stream of a binary COPY into rows. */
export class RowDecoder {
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** Bytes of the header that are still to come. */
  #header = HEADER_BYTES
  /** Pending bytes without which there is no further row: a large row is joined once, not block by block. */
  #wanted = HEADER_BYTES + 2;

  *add(block: Buffer): Generator<(Buffer | null)[]> {
    this.#pending.push(block)
    this.#pendingBytes += block.length
    if (this.#pendingBytes < this.#wanted) return
    const bytes = this.#pending.length === 1 ? block : Buffer.concat(this.#pending)
    let at = this.#header
    this.#header = 0
    for (;;) {
      const row = readRow(bytes, at)
      if (typeof row === 'number') {
        this.#wanted = row
        break
      }
      yield row.values
      at = row.end
    }
    this.#pending = [bytes.subarray(at)]
    this.#pendingBytes = bytes.length - at
  }
}

/** The row that begins at `at`, or how many bytes from `at` on it needs at least. */
function readRow(bytes: Buffer, start: number): { values: (Buffer | null)[]; end: number } | number {
  if (bytes.length < start + 2) return 2
  const count = bytes.readInt16BE(start)
  // The trailer: whatever follows would be a violation of the protocol.
  if (count < 0) return Infinity
  const values: (Buffer | null)[] = []
  let at = start + 2
  for (let i = 0; i < count; i++) {
    if (bytes.length < at + 4) return at + 4 - start
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0) {
      values.push(null)
      continue
    }
    if (bytes.length < at + length) return at + length - start
    values.push(bytes.subarray(at, at + length))
    at += length
  }
  return { values, end: at }
}
