// The built command as a child process, and a network and data small enough to work out by hand.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inject, vi } from 'vitest'
import { encodeModel, floatTensor, floatValue, node } from '#atlas/examples/training/onnx.js'
import { reportFailure } from '#atlas/src/cli/failure.js'
import { createProgram } from '#atlas/src/cli/program.js'

/** A folder for the files of the tests of one process, removed after the run. */
export const folder = mkdtempSync(join(inject('folder'), 'cli-'))

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** ATLAS_HOME of every command. */
export const home = join(folder, 'home')

const environment = (url: string) => ({
  DATABASE_URL: url,
  ATLAS_HOME: home,
  PORT: '0',
  LOG_LEVEL: 'error',
})

/** Starts `atlas` on the database at `url`; with an empty `url`, on the atlas of `home`. */
export function startAtlas(url: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['dist/src/cli/main.js', ...args], {
    env: { ...process.env, ...environment(url) },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export async function finish(child: ChildProcess): Promise<Finished> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('The child has no pipes.')
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')])
  return { code: child.exitCode, stdout: out, stderr: err }
}

/** Runs `atlas` to its end. */
export async function atlas(url: string, args: readonly string[], stdin = ''): Promise<Finished> {
  const child = startAtlas(url, args)
  child.stdin?.end(stdin)
  return finish(child)
}

/**
 * Runs a command to its end in this process, one at a time: a process for each takes half a second of CPU to start. For
 * what a command says, not for how its process reads, is stopped or ends.
 */
export async function atlasHere(url: string, args: readonly string[]): Promise<Finished> {
  for (const [name, value] of Object.entries(environment(url))) vi.stubEnv(name, value)
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)]
  const program = createProgram()
  let code = 0
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    code = reportFailure(error, program.opts<{ json?: boolean }>().json ?? false)
  } finally {
    vi.unstubAllEnvs()
  }
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Takes what is written to a stream until it is asked for. */
function capture(stream: NodeJS.WriteStream): () => string {
  const write = vi.spyOn(stream, 'write').mockReturnValue(true)
  return () => {
    const said = write.mock.calls.map(([piece]) => piece.toString()).join('')
    write.mockRestore()
    return said
  }
}

/** Runs a command, in this process or in one of its own. */
type Run = typeof atlas | typeof atlasHere

/** As `run` with `--json`, for commands that should succeed: the document on stdout. */
export async function atlasJson(
  url: string,
  args: readonly string[],
  stdin = '',
  run: Run = atlas,
): Promise<unknown> {
  const { code, stdout, stderr } = await run(url, [...args, '--json'], stdin)
  if (code !== 0) throw new Error(`atlas ${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Waits until the child has written a text to stderr. */
export async function stderrSays(child: ChildProcess, words: string): Promise<void> {
  if (!child.stderr) throw new Error('The child has no pipes.')
  let said = ''
  const seen = new Promise<void>((resolve) => {
    child.stderr?.on('data', (piece: Buffer) => {
      said += piece.toString()
      if (said.includes(words)) resolve()
    })
  })
  const ended = once(child, 'close').then(() => {
    throw new Error(`The command ended without saying "${words}", but: ${said}`)
  })
  await Promise.race([seen, ended])
}

/**
 * Layer 0 has the bits (x > 0, y > 0), so that its polytopes are the quadrants; layer 1 has the one bit
 * max(x, 0) > max(y, 0). With a shift, x and y are those of the point moved by it.
 */
export async function writeQuadrantsNetwork(name: string, shift = [0, 0]): Promise<string> {
  const identity = Float32Array.of(1, 0, 0, 1)
  const model = encodeModel({
    name,
    node: [
      node('Gemm', 'gemm0', ['point', 'w0', 'b0'], ['a0'], { transB: 1 }),
      node('Relu', 'relu0', ['a0'], ['h0']),
      node('Gemm', 'gemm1', ['h0', 'w1', 'b1'], ['a1'], { transB: 1 }),
      node('Relu', 'relu1', ['a1'], ['h1']),
      node('Gemm', 'gemm2', ['h1', 'w2', 'b2'], ['logits'], { transB: 1 }),
    ],
    initializer: [
      floatTensor('w0', [2, 2], identity),
      floatTensor('b0', [2], Float32Array.from(shift)),
      floatTensor('w1', [1, 2], Float32Array.of(1, -1)),
      floatTensor('b1', [1], new Float32Array(1)),
      floatTensor('w2', [2, 1], Float32Array.of(2, -2)),
      floatTensor('b2', [2], Float32Array.of(0, 0.5)),
    ],
    input: [floatValue('point', ['batch', 2])],
    output: [floatValue('logits', ['batch', 2])],
  })
  const path = join(folder, `${name}.onnx`)
  await writeFile(path, model)
  return path
}

/** Points and labels; see `quadrants` for their layer-0 regions. */
export const points: readonly (readonly [x: number, y: number, label: number])[] = [
  [1, 0.75, 0],
  [2, 0.5, 0],
  [-1, 2, 1],
  [-1, -1, 1],
  [-3, -2, 1],
  [1, -2, 0],
  [3, 1, 1],
  [-2, 1, 1],
]

/** Regions of layer 0 in order of first appearance: the byte of the code in hexadecimal, and the members. */
export const quadrants = [
  { code: '03', members: [0, 1, 6], labels: [0, 1], labelCounts: [2, 1] },
  { code: '02', members: [2, 7], labels: [1], labelCounts: [2] },
  { code: '00', members: [3, 4], labels: [1], labelCounts: [2] },
  { code: '01', members: [5], labels: [0], labelCounts: [1] },
]

export async function writePointsCsv(name: string): Promise<string> {
  const path = join(folder, `${name}.csv`)
  await writeFile(path, ['x,y,label', ...points.map((point) => point.join(',')), ''].join('\n'))
  return path
}
