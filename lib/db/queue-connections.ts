import { Pool } from "pg"

/**
 * Connections for the job queue; whoever asked for them ends them. Those that the queue would make by itself lose their
 * listeners while they are still closing, and one that is cut in that moment ends the process.
 */
export function connectForQueue(connectionString: string, size: number): Pool {
  const pool = new Pool({ connectionString, max: size, application_name: "credits-queue" })
  // A connection that breaks is replaced, and whatever ran on it fails by itself.
  pool.on("error", () => undefined)
  pool.on("connect", (client) => client.on("error", () => undefined))
  return pool
}
