/** Sums of stored bytes, worked out again. */
import { createHash } from 'node:crypto'
import { hash128, popcounts } from '../../../compute/codes/index.ts'
import type { Transaction } from '../../store/database.ts'
import {
  countCodes,
  readChunksOfFile,
  readCodes,
  readFiles,
  type StoredCode,
} from '../../store/verify/read.ts'
import { Finding } from './finding.ts'

/** Called now and then with how much is done, of all; throws where it is to stop. */
export type OnStep = (done: number, total: number) => void

/** The bytes of every file are those of its SHA-256. Answers those that are not, too. */
export async function checkFiles(
  tx: Transaction,
  onStep: OnStep,
): Promise<{ finding: Finding; damaged: Set<string> }> {
  const finding = new Finding('files', 'files')
  const damaged = new Set<string>()
  const files = await readFiles(tx)
  for (const { sha256, byteCount, networks } of files) {
    onStep(finding.looked, files.length)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of readChunksOfFile(tx, sha256)) {
      hash.update(chunk)
      bytes += chunk.length
    }
    finding.looked++
    const found = hash.digest('hex')
    if (found === sha256 && bytes === byteCount) continue
    damaged.add(sha256)
    const owner = networks.length === 0 ? 'of an upload' : `of ${networks.join(', ')}`
    finding.fault(`${sha256} (${owner}): its ${bytes} bytes have the SHA-256 ${found}`)
  }
  return { finding, damaged }
}

/** Every code is as long as its bits, and has the hash and the active bits that are noted beside it. */
export async function checkCodes(tx: Transaction, onStep: OnStep): Promise<Finding[]> {
  const hashes = new Finding('hashes of codes', 'codes')
  const active = new Finding('active bits of codes', 'codes')
  const total = await countCodes(tx)
  for await (const batch of readCodes(tx)) {
    hashes.looked += batch.length
    active.looked += batch.length
    const byBitCount = new Map<number, StoredCode[]>()
    for (const code of batch) {
      const same = byBitCount.get(code.bitCount)
      if (same) same.push(code)
      else byBitCount.set(code.bitCount, [code])
    }
    for (const [bitCount, codes] of byBitCount) checkBatch(codes, bitCount, hashes, active)
    onStep(hashes.looked, total)
  }
  return [hashes, active]
}

function checkBatch(batch: StoredCode[], bitCount: number, hashes: Finding, active: Finding): void {
  const stride = Math.ceil(bitCount / 8)
  const whole = batch.filter(({ bits }) => bits.length === stride)
  const name = (code: StoredCode) => `code ${code.hash.toString('hex')} of ${bitCount} bits`
  for (const code of batch)
    if (code.bits.length !== stride) hashes.fault(`${name(code)}: it has ${code.bits.length} bytes`)
  const rows = Buffer.concat(whole.map(({ bits }) => bits))
  const found = Buffer.from(hash128(rows, stride, whole.length, bitCount))
  const counted = popcounts(rows, stride, whole.length)
  whole.forEach((code, i) => {
    const hash = found.subarray(16 * i, 16 * i + 16)
    if (!hash.equals(code.hash)) hashes.fault(`${name(code)}: its bits have the hash ${hash.toString('hex')}`)
    if (counted[i] !== code.activeBitCount)
      active.fault(`${name(code)}: ${counted[i]} bits are active, not ${code.activeBitCount}`)
  })
}
