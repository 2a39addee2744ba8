import { Client } from "pg"

/** Leaves a filled database as one that has been there for a while: vacuumed, analysed and written out. */
export async function vacuum(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("VACUUM ANALYZE")
    await client.query("CHECKPOINT")
  } finally {
    await client.end()
  }
}
