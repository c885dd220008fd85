// Holds an embedded Postgres: node holder.mjs DATA_DIR. Prints {"url", "started"} when it has it, then stops
// it at the end of its standard input and prints "stopped".
import { startPostgres } from '#atlas/src/store/postgres/index.js'

const postgres = await startPostgres({ dataDir: process.argv[2] })
console.log(JSON.stringify({ url: postgres.url, started: postgres.started }))
process.stdin.resume()
process.stdin.on('end', async () => {
  await postgres.stop()
  console.log('stopped')
})
