import { randomBytes } from "node:crypto"
import { readdirSync } from "node:fs"
import { Client } from "pg"
import { afterEach, beforeEach, expect, test } from "vitest"
import { migrate } from "./migrate"

const names = readdirSync(new URL("./migrations/", import.meta.url)).sort()
let url: string
let admin: Client

beforeEach(async () => {
  const server = process.env.TEST_POSTGRES_URL ?? ""
  expect(new URL(server).hostname).toBe("127.0.0.1")
  admin = new Client({ connectionString: server })
  await admin.connect()
  const name = `credits_test_${randomBytes(6).toString("hex")}`
  await admin.query(`CREATE DATABASE ${name}`)
  url = server.replace(/\/\w+$/, `/${name}`)
})
afterEach(async () => {
  await admin.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
  await admin.end()
})

async function run(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test("an empty database gets everything, in order, and a second time nothing", async () => {
  expect(await migrate(url)).toEqual(names)
  expect(await migrate(url)).toEqual([])
  expect(await run("SELECT count(*)::int AS jobs FROM graphile_worker.jobs")).toEqual([{ jobs: 0 }])
})

test("two deployments at once apply each migration once", async () => {
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
  expect(applied.flat().sort()).toEqual(names)
  expect(await run("SELECT count(*)::int AS rows FROM _prisma_migrations")).toEqual([{ rows: names.length }])
})

test("a migration that was edited after it was applied stops the deployment", async () => {
  await migrate(url)
  await run(`UPDATE _prisma_migrations SET checksum = 'another' WHERE migration_name = '${names[0]}'`)
  await expect(migrate(url)).rejects.toThrow(`Migration ${names[0]} was changed after it was applied`)
})

test("a migration that fails leaves nothing of itself, and is applied once it can be", async () => {
  await run("CREATE TABLE pools (id int)")
  await expect(migrate(url)).rejects.toThrow(/_start failed: relation "pools" already exists/)
  expect(
    await run("SELECT to_regclass('public.users') AS users, to_regtype('public.bucket') AS bucket"),
  ).toEqual([{ users: null, bucket: null }])
  await run("DROP TABLE pools")
  expect(await migrate(url)).toEqual(names)
})

test("a database that another version made is left alone", async () => {
  await migrate(url)
  await run(
    `UPDATE _prisma_migrations SET migration_name = 'another' WHERE migration_name = '${names.at(-1)}'`,
  )
  await expect(migrate(url)).rejects.toThrow(`has the migration another, which this version doesn’t know`)
  expect(
    await run("SELECT migration_name FROM _prisma_migrations WHERE migration_name = 'another'"),
  ).toHaveLength(1)
})
