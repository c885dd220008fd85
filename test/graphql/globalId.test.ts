import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AtlasError } from '#atlas/compute/errors.js'
import { idTypes, parseGlobalId, toGlobalId, typeOfGlobalId } from '#atlas/src/graphql/globalId.js'

const int4 = fc.nat({ max: 2 ** 31 - 1 })
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 })
const encode = (text: string) => Buffer.from(text).toString('base64url')

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof AtlasError) return error.code
    throw error
  }
}

describe('a global id', () => {
  it('gives back its type and key, and is safe in a URL', () => {
    fc.assert(
      fc.property(int4, int4, hash, fc.uuid(), (a, b, digits, uuid) => {
        const region = toGlobalId(idTypes.Region, [a, b])
        const code = toGlobalId(idTypes.Code, [digits, a])
        const job = toGlobalId(idTypes.Job, [uuid])
        expect(parseGlobalId(region, idTypes.Region)).toEqual([a, b])
        expect(parseGlobalId(code, idTypes.Code)).toEqual([digits, a])
        expect(parseGlobalId(job, idTypes.Job)).toEqual([uuid])
        expect([region, code, job].map(typeOfGlobalId)).toEqual(['Region', 'Code', 'Job'])
        expect(encodeURIComponent(region + code + job)).toBe(region + code + job)
      }),
    )
  })

  it('is refused where it is of another type, saying which', () => {
    const id = toGlobalId(idTypes.Network, [3])
    expect(() => parseGlobalId(id, idTypes.Partition)).toThrow(
      /is the id of a Network: pass the id of a Partition/,
    )
    expect(codeOf(() => parseGlobalId(id, idTypes.Partition))).toBe('BAD_ID')
  })

  it.each([
    '',
    'nonsense',
    'Network:1',
    encode('Network'),
    encode('Network:'),
    encode('Network:x'),
    encode('Network:01'),
    encode('Network:-1'),
    encode('Network:2147483648'),
    encode('Network:1/2'),
    encode('Query:1'),
    encode('toString:1'),
    `${encode('Network:1')}=`,
    `${encode('Network:1')} `,
  ])('is refused where it is malformed: %j', (id) => {
    expect(codeOf(() => parseGlobalId(id, idTypes.Network))).toBe('BAD_ID')
  })

  it('is refused or read, but breaks nothing, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((key) => encode(`Region:${key}`)),
        ),
        (id) => {
          const code = codeOf(() => parseGlobalId(id, idTypes.Region))
          expect(code === undefined || code === 'BAD_ID').toBe(true)
        },
      ),
    )
  })
})
