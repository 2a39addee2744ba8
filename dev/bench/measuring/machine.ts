import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs"
import { availableParallelism, cpus, loadavg } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { median } from "./measure"

export type MachineFacts = {
  at: string
  cores: number
  cpu: string
  node: string
  postgres: string
  fsync: string
  synchronousCommit: string
  /** The time of one fdatasync of 8 kB where the database keeps its data, which every durable commit pays at least. */
  fdatasyncMs: number
  /** How busy the machine was in the minute before. */
  loadAverage: number
}

export async function readMachineFacts(databaseUrl: string, folder: string): Promise<MachineFacts> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const show = async (name: string) => String((await client.query(`SHOW ${name}`)).rows[0]?.[name])
    return {
      at: new Date().toISOString(),
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? "unknown",
      node: process.version,
      postgres: await show("server_version"),
      fsync: await show("fsync"),
      synchronousCommit: await show("synchronous_commit"),
      fdatasyncMs: measureFdatasync(folder),
      loadAverage: loadavg()[0] ?? Number.NaN,
    }
  } finally {
    await client.end()
  }
}

function measureFdatasync(folder: string): number {
  const file = openSync(join(folder, "fdatasync"), "w")
  const page = Buffer.alloc(8_192, 1)
  try {
    // Writes the same pages again and again, like an existing segment of the log.
    const times = Array.from({ length: 400 }, (_, n) => {
      const begin = performance.now()
      writeSync(file, page, 0, page.length, (n % 64) * page.length)
      fdatasyncSync(file)
      return performance.now() - begin
    })
    return median(times.slice(100))
  } finally {
    closeSync(file)
  }
}
