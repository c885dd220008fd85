import { expect, it } from 'vitest'
import { oneAtATime } from '#atlas/src/jobs/direct/oneAtATime.js'

it('begins work in order, each when all before it has ended, well or badly', async () => {
  const inTurn = oneAtATime()
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} begins`)
    await Promise.resolve()
    log.push(`${name} ends`)
    if (name === 'bad') throw new Error('no')
    return name
  }
  const results = await Promise.allSettled([inTurn(work('first')), inTurn(work('bad')), inTurn(work('last'))])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['first', 'bad', 'last'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  expect(await inTurn(work('after'))).toBe('after')
})
