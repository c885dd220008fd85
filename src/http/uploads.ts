import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, RequestHandler, Response } from 'express'
import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { deleteStaleFiles, storeFile } from '../store/files.ts'

/** Largest file that may be uploaded. */
export const MAX_UPLOAD_BYTES = 4 * 2 ** 30

/** Hours after which an upload that no import used is removed. */
const KEEP_HOURS = 24

/**
 * `PUT /files`: the body is one file. It goes to disk first, so that a slow client holds no database
 * transaction, then to Postgres, where workers on other machines find it. Answers `{ file, byteCount }`, where
 * `file` is the handle that the import mutations take.
 */
export function uploadHandler(db: Database, folder: string): RequestHandler {
  return async (request, response) => {
    try {
      const stored = await store(db, folder, request)
      response.status(201).json(stored)
      await deleteStaleFiles(db, KEEP_HOURS)
    } catch (error) {
      refuse(response, error)
    }
  }
}

async function store(db: Database, folder: string, request: Request) {
  await mkdir(folder, { recursive: true })
  const path = join(folder, randomUUID())
  try {
    const byteCount = await receive(request, path)
    return { file: await storeFile(db, path), byteCount }
  } finally {
    await rm(path, { force: true })
  }
}

async function receive(request: Request, path: string): Promise<number> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge()
  let byteCount = 0
  const counter = new Transform({
    transform(piece: Buffer, _encoding, done) {
      byteCount += piece.length
      done(byteCount > MAX_UPLOAD_BYTES ? tooLarge() : null, piece)
    },
  })
  await pipeline(request, counter, createWriteStream(path, { flags: 'wx' }))
  if (byteCount === 0)
    throw new AtlasError('EMPTY_FILE', 'The request has no body: send the file as the body.')
  return byteCount
}

function tooLarge(): AtlasError {
  return new AtlasError('FILE_TOO_LARGE', `A file may have at most ${MAX_UPLOAD_BYTES / 2 ** 30} GiB.`)
}

function refuse(response: Response, error: unknown): void {
  // The client broke off: there is nobody to answer.
  if (response.headersSent || response.destroyed || response.req.errored) return
  if (!(error instanceof AtlasError)) throw error
  const status = error.code === 'FILE_TOO_LARGE' ? 413 : 400
  response.status(status).json({ error: { code: error.code, message: error.message } })
}
