import { expect, it } from 'vitest'
import { inLanes } from '#atlas/src/jobs/lanes.js'

/** Work whose ends the test gives one by one. */
function controlled() {
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  const work = (item: number) =>
    new Promise<void>((resolve, reject) => {
      ends.set(item, { resolve, reject })
    })
  return { ends, work }
}

/** Lets everything run that waits for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

it('does every item, so many at a time', async () => {
  const { ends, work } = controlled()
  const done = inLanes([0, 1, 2, 3, 4], 2, new AbortController().signal, work)
  expect([...ends.keys()]).toEqual([0, 1])
  ends.get(1)?.resolve()
  await settle()
  expect([...ends.keys()]).toEqual([0, 1, 2])
  for (const item of [0, 2, 3, 4]) {
    ends.get(item)?.resolve()
    await settle()
  }
  await done
  expect([...ends.keys()]).toEqual([0, 1, 2, 3, 4])
})

it('begins nothing after a failure, and tells it when the rest has ended', async () => {
  const { ends, work } = controlled()
  let told = false
  const done = inLanes([0, 1, 2, 3], 2, new AbortController().signal, work).finally(() => (told = true))
  done.catch(() => undefined)
  ends.get(1)?.reject(new Error('broken'))
  await settle()
  expect({ told, begun: [...ends.keys()] }).toEqual({ told: false, begun: [0, 1] })
  ends.get(0)?.resolve()
  await expect(done).rejects.toThrow('broken')
  expect([...ends.keys()]).toEqual([0, 1])
})
