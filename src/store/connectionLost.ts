/** Whether an error is of the way to Postgres rather than of what was asked: worth another attempt. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  // Connection exceptions, server going down or starting, serialization failure, deadlock; Prisma's own.
  if (/^(08|57P0|40001|40P01|P10|ECONN|EPIPE|ETIMEDOUT)/.test(code)) return true
  return /Connection terminated|Client has encountered a connection error/.test(error.message)
}
