import { raw, type Database } from '#atlas/src/store/database.js'

/** For each query by its name, the number of its rows and a hash of them. */
export async function fingerprint(
  db: Database,
  queries: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const prints: Record<string, string> = {}
  for (const [name, rows] of Object.entries(queries)) {
    const [{ print }] = await db.query<{ print: string }>(
      raw(
        `select count(*) || ' ' || coalesce(md5(string_agg(r::text, E'\\n')), '') as print from (${rows}) r`,
      ),
    )
    prints[name] = print
  }
  return prints
}
