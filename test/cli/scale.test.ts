import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useDatabase } from '../support/database.ts'
import { atlasHere } from './atlas.ts'

const database = useDatabase()
const migrate = (...args: string[]) => atlasHere(database.url, ['migrate', ...args])

describe('atlas migrate', () => {
  it('has nothing left to do: every command applies migrations', async () => {
    expect(await migrate()).toMatchObject({ code: 0, stdout: 'The tables are those of this version.\n' })
  })

  it('divides the large tables, and makes them plain again', async () => {
    const divided = await migrate('--hash-partitions', '3')
    expect(divided.code).toBe(0)
    expect(divided.stdout).toMatch(/^region_neighbor +0 +3$/m)
    expect(divided.stderr).toContain('Moving membership')
    expect((await migrate('--hash-partitions', '3')).stdout).toBe('The tables are so already.\n')
    const plain = await migrate('--hash-partitions', '1', '--json')
    const answer = z.object({ tables: z.array(z.object({ table: z.string(), partitions: z.literal(1) })) })
    expect(answer.parse(JSON.parse(plain.stdout)).tables).toHaveLength(7)
    expect((await migrate('--hash-partitions', '65')).stderr).toContain('error BAD_ARGUMENT')
  })

  it('says what Citus lacks, and shows what it would do', async () => {
    const refused = await migrate('--citus')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('error CITUS_MISSING')])
    const printed = await migrate('--print')
    expect(printed.code).toBe(0)
    expect(printed.stdout).toContain(`select create_reference_table('network');`)
    expect(printed.stdout).toMatch(/^begin;\n[^]*\ncommit;\n/)
  })

  it('does one of them at a time', async () => {
    expect((await migrate('--citus', '--hash-partitions', '3')).code).toBe(2)
  })
})
