/**
 * Loaded into every server before its own code (`node --import`), the same for all: answers its parent, whenever asked,
 * how much CPU the process has used and how many SQL statements it has sent. `pg` is the one that the server resolves.
 */
import { createRequire } from 'node:module'

const { Client } = createRequire(process.argv[1])('pg')
const { query } = Client.prototype
let statements = 0
Client.prototype.query = function (...args) {
  statements++
  return query.apply(this, args)
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpuMs: (user + system) / 1000, statements })
})
// Neither this channel nor its parent's end keep a server alive.
process.channel?.unref()
process.on('disconnect', () => process.exit())
