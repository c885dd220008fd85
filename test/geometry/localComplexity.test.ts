import { expect, it } from 'vitest'
import { checkCoordinates } from '#atlas/compute/geometry/index.js'

it('takes as many points as memory is meant for, and says how many', () => {
  expect(() => checkCoordinates(2 ** 10, 2 ** 14)).not.toThrow()
  expect(() => checkCoordinates(2 ** 10 + 1, 2 ** 14)).toThrow(
    expect.objectContaining({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('ask for 1024') as string,
    }),
  )
})
