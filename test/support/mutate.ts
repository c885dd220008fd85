// Spoils ONNX files, byte by byte and by their meaning. The same random numbers give the same files.
import { MODEL_MUTATORS } from './mutateModel.ts'
import { below, pick, type Random } from './random.ts'
import { withSubgraphs } from './wire.ts'

/** A spoiled copy of a file. */
export type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array

const BYTE_MUTATORS: Readonly<Record<string, Mutator>> = {
  'bits flipped': (bytes, random) => {
    const spoiled = bytes.slice()
    for (let i = 0; i <= random() * 8; i++) spoiled[below(bytes.length, random)] ^= 1 << below(8, random)
    return spoiled
  },
  'bytes overwritten': (bytes, random) => {
    const spoiled = bytes.slice()
    const { from, to } = range(bytes, 16, random)
    for (let at = from; at < to; at++) spoiled[at] = pick([0, 0x7f, 0x80, 0xff, below(256, random)], random)
    return spoiled
  },
  truncated: (bytes, random) => bytes.slice(0, below(bytes.length, random)),
  'bytes removed': (bytes, random) => {
    const { from, to } = range(bytes, 64, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  'bytes inserted': (bytes, random) => {
    const at = below(bytes.length, random)
    const noise = Uint8Array.from({ length: 1 + below(32, random) }, () => below(256, random))
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])
  },
  'bytes repeated': (bytes, random) => {
    const { from, to } = range(bytes, 512, random)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  'deep subgraphs': (bytes, random) => withSubgraphs(bytes, pick([1, 5, 30, 40, 500], random)),
}

/** A file that is spoiled in one to three ways, and which these are. */
export function spoil(bytes: Uint8Array, random: Random): { bytes: Uint8Array; damage: string[] } {
  const byMeaning = Array.from({ length: below(3, random) }, () => pick(Object.keys(MODEL_MUTATORS), random))
  const byByte = byMeaning.length === 0 || random() < 0.2 ? [pick(Object.keys(BYTE_MUTATORS), random)] : []
  // Bytes last: what they leave need not be a message.
  const damage = [...byMeaning, ...byByte]
  const mutators = { ...MODEL_MUTATORS, ...BYTE_MUTATORS }
  return { bytes: damage.reduce((spoiled, kind) => mutators[kind](spoiled, random), bytes), damage }
}

function range({ length }: Uint8Array, most: number, random: Random): { from: number; to: number } {
  const from = below(length, random)
  return { from, to: Math.min(length, from + 1 + below(most, random)) }
}
