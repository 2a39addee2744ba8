import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/dev/testing/database"
import { connectForQueue } from "./queue-connections"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const cutAll = () =>
  database.db.$queryRaw`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'credits-queue'`

test("a connection that is cut while nobody uses it is replaced, and nothing else happens", async () => {
  const pool = connectForQueue(database.url, 2)
  await pool.query("SELECT 1")
  const removed = new Promise((resolve) => pool.once("remove", resolve))
  await cutAll()
  await removed
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }])
  await pool.end()
})

test("a connection that is cut while it is in use fails what runs on it, and nothing else", async () => {
  const pool = connectForQueue(database.url, 2)
  const client = await pool.connect()
  const ended = new Promise((resolve) => client.once("end", resolve))
  await cutAll()
  await ended
  await expect(client.query("SELECT 1")).rejects.toThrow("not queryable")
  client.release(true)
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }])
  await pool.end()
})
