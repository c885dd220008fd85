// What the tests of reading network files in a process of its own share.
import { existsSync, readFileSync } from 'node:fs'
import {
  inspectNetworkApart,
  type InspectionOptions,
  type NetworkSummary,
} from '#atlas/compute/onnx/index.js'
import { buildModel, node } from './onnx.ts'

/** Reads a file as an import does. */
export function inspectApart(bytes: Uint8Array, options?: InspectionOptions): Promise<NetworkSummary> {
  return inspectNetworkApart({ byteCount: bytes.length, pieces: () => [bytes] }, options)
}

/** A small file that takes a minute to run: powers of a large matrix, which is its input. */
export function slowNetwork(): Uint8Array {
  const powers = Array.from({ length: 400 }, (_, i) =>
    node('MatMul', [i === 0 ? 'x' : `p${i}`, 'x'], `p${i + 1}`),
  )
  return buildModel({
    inputs: { x: ['N', 1024, 1024] },
    nodes: [...powers, node('Relu', ['p400'], 'scores')],
    outputs: ['scores'],
  })
}

/** The processes that a process has started, while they run. Linux only, as what follows. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Whether a process runs: one that has ended and waits to be noticed does not. */
export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && statOf(pid)[0] !== 'Z'
}

/** Seconds that a process has computed. */
export function computed(pid: number): number {
  return Number(statOf(pid)[11]) / 100
}

/** The state of a process, and what follows it in /proc. */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
}
