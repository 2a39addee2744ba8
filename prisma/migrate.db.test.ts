import { randomBytes } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { Client } from "pg"
import { afterEach, beforeEach, expect, test } from "vitest"
import { API_KEY_SCOPES } from "@/lib/api-keys/scopes"
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
  await run(`UPDATE _prisma_migrations SET checksum = 'another' WHERE migration_name = '${names[1]}'`)
  await expect(migrate(url)).rejects.toThrow(`Migration ${names[1]} was changed after it was applied`)
})

test("a migration that fails leaves nothing of itself, and is applied once it can be", async () => {
  await run("CREATE TABLE pools (id int)")
  await expect(migrate(url)).rejects.toThrow(/ledger failed: relation "pools" already exists/)
  expect(
    await run("SELECT to_regclass('public.grants') AS grants, to_regtype('public.bucket') AS bucket"),
  ).toEqual([{ grants: null, bucket: null }])
  await run("DROP TABLE pools")
  expect(await migrate(url)).toEqual(names.slice(1))
})

test("API keys from before there were scopes may do everything, and later ones have to say what", async () => {
  const sqlOf = (name: string) =>
    readFileSync(new URL(`./migrations/${name}/migration.sql`, import.meta.url), "utf8")
  const ours = names.findIndex((name) => name.endsWith("_api_keys"))
  for (const name of names.slice(0, ours)) await run(sqlOf(name))
  const insert = (
    hash: string,
  ) => `WITH t AS (INSERT INTO teams (slug, name) VALUES ('${hash}', 'A team') RETURNING id)
    INSERT INTO api_keys (team_id, name, key_hash, last4) SELECT id, 'Old', '${hash}', 'abcd' FROM t`
  await run(insert("before"))
  await run(sqlOf(names[ours] ?? ""))
  expect(await run("SELECT scopes, created_by_member_id FROM api_keys")).toEqual([
    { scopes: [...API_KEY_SCOPES], created_by_member_id: null },
  ])
  await expect(run(insert("after"))).rejects.toThrow(/null value in column "scopes"/)
})

test("a ledger from before metering keeps its entries, balances and waterfall", async () => {
  const sqlOf = (name: string) =>
    readFileSync(new URL(`./migrations/${name}/migration.sql`, import.meta.url), "utf8")
  const ours = names.findIndex((name) => name.endsWith("_metering"))
  for (const name of names.slice(0, ours)) await run(sqlOf(name))
  await run(`
    INSERT INTO teams (id, slug, name) VALUES ('01a1fc92-0000-7000-8000-000000000001', 'old', 'Old');
    INSERT INTO teams (id, slug, name, plan) VALUES
      ('01a1fc92-0000-7000-8000-000000000002', 'large', 'Large', 'enterprise'),
      ('01a1fc92-0000-7000-8000-000000000003', 'larger', 'Larger', 'enterprise');
    INSERT INTO pools (team_id) VALUES ('01a1fc92-0000-7000-8000-000000000003');
    INSERT INTO members (team_id, id, user_id, role)
      SELECT '01a1fc92-0000-7000-8000-000000000001', ('01a1fc92-0000-7000-8000-00000000001' || n)::uuid, uuidv7(), 'MEMBER'
      FROM generate_series(1, 2) n;
    INSERT INTO pools (team_id, id, member_id)
      SELECT team_id, ('01a1fc92-0000-7000-8000-00000000002' || right(id::text, 1))::uuid, id FROM members;
    SELECT ledger_credit(team_id, id, 'promotion', 'promotion', 20::smallint, 9000000000, uuidv7(), now(), NULL, 'Welcome'),
      ledger_credit(team_id, id, 'included_grant', 'included', 10::smallint, 3000000000, uuidv7(), now(), now() + interval '9 days', NULL)
      FROM pools WHERE id = '01a1fc92-0000-7000-8000-000000000021';
    SELECT ledger_consume(team_id, id, 5000000000, uuidv7(), now() - interval '1 day', 'llm_tokens') FROM pools WHERE id = '01a1fc92-0000-7000-8000-000000000021';`)
  const before = await run(
    "SELECT seq, bucket, kind, amount_nanos, balance_after_nanos, occurred_at FROM entries ORDER BY seq",
  )
  await run(sqlOf(names[ours] ?? ""))
  expect(
    await run(
      "SELECT seq, bucket, kind, amount_nanos, balance_after_nanos, occurred_at FROM entries ORDER BY seq",
    ),
  ).toEqual(before)
  expect(before.length).toBe(4)
  const pools = (of: string) =>
    run(`SELECT no, is_low, is_depleted, last_grant_no, last_seq FROM pools WHERE ${of} ORDER BY team_id, no`)
  expect(await pools("member_id IS NOT NULL")).toEqual([
    { no: 1, is_low: false, is_depleted: false, last_grant_no: 2, last_seq: "4" },
    { no: 2, is_low: true, is_depleted: true, last_grant_no: 0, last_seq: "0" },
  ])
  // Each Enterprise team has the pool that it shares, whether it had one before or not.
  const empty = { no: 1, is_low: true, is_depleted: true, last_grant_no: 0, last_seq: "0" }
  expect(await pools("member_id IS NULL")).toEqual([empty, empty])
  expect(await run("SELECT no, kind, is_open, remaining_nanos FROM grants ORDER BY no")).toEqual([
    { no: 1, kind: "promotion", is_open: true, remaining_nanos: "7000000000" },
    { no: 2, kind: "included", is_open: false, remaining_nanos: "0" },
  ])
  // And it goes on from there.
  await run(
    `SELECT ledger_credit(team_id, id, 'promotion', 'promotion', 20::smallint, 1, uuidv7(), now(), NULL, NULL) FROM pools`,
  )
  expect(await run("SELECT max(seq)::int AS seq FROM entries")).toEqual([{ seq: 5 }])
})
