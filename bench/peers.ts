/** What the kernels are measured beside, where the machine has it. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../src/packageRoot.ts'
import { median, ROUNDS } from './report.ts'

/** Gbit/s of xor and popcnt over two arrays in the first-level cache, in C; null without a compiler. */
export async function bareLoop(): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-popcnt-'))
  try {
    const program = join(folder, 'popcnt')
    const source = join(packageRoot, 'bench', 'popcnt.c')
    execFileSync('cc', ['-O2', '-mpopcnt', '-o', program, source], { stdio: 'ignore' })
    const figures = Array.from({ length: ROUNDS }, () => Number(execFileSync(program)))
    return median(figures)
  } catch {
    console.log('no C compiler: the search stands without its limit')
    return null
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Debian's Python has python3-faiss; another one may come first on the path. */
const PYTHONS = ['python3', '/usr/bin/python3']

/** faiss's exact search of random codes, median seconds; null where it is not installed. */
export function faissFlat(
  task: { queries: number; rows: number; bitCount: number; k: number },
  threads: number,
): { version: string; seconds: number } | null {
  const numbers = [task.queries, task.rows, task.bitCount, task.k, ROUNDS, threads].map(String)
  for (const python of PYTHONS) {
    try {
      const script = join(packageRoot, 'bench', 'faiss_flat.py')
      const line = execFileSync(python, [script, ...numbers], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const [version, seconds] = line.trim().split(' ')
      return { version, seconds: Number(seconds) }
    } catch {
      continue // the next Python may have it
    }
  }
  console.log('no faiss (Debian: python3-faiss): the search stands without its peer')
  return null
}
