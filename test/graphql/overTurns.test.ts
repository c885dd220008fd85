import { expect, it } from 'vitest'
import { overTurns } from '#atlas/src/graphql/overTurns.js'

it('gives all items in order, and the event loop its turns between them', async () => {
  let turns = 0
  let done = false
  const count = () => {
    turns++
    if (!done) setImmediate(count)
  }
  setImmediate(count)
  const made: number[] = []
  const items = overTurns(2600, (i) => made.push(i) - 1)
  expect(made).toEqual([])
  const answers = await Promise.all(items)
  done = true
  expect(answers).toEqual([...Array(2600).keys()])
  expect(turns).toBeGreaterThanOrEqual(10)
})
