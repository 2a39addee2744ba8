import { Pool } from "pg"

/**
 * Opens connections for the job queue; the caller ends them. The queue's own connections lose their listeners while
 * they are still closing, and one that is cut at that moment ends the process.
 */
export function connectForQueue(connectionString: string, size: number): Pool {
  const pool = new Pool({ connectionString, max: size, application_name: "credits-queue" })
  // A broken connection is replaced, and whatever ran on it fails by itself.
  pool.on("error", () => undefined)
  pool.on("connect", (client) => client.on("error", () => undefined))
  return pool
}
