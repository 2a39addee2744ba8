import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { credit, readPool, type TestPool, usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"

const world = testDatabase()
const sql = testSql(world)
let pool: TestPool
let no: number
let otherPool: TestPool

beforeEach(async () => {
  const [team, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  pool = { teamId: team.id, poolId: team.owner.poolId }
  otherPool = { teamId: other.id, poolId: other.owner.poolId }
  await credit(world.db, pool, usd(10))
  no = (await readPool(world.db, pool)).no
})

type Entry = { seq: bigint; amount: bigint; after: bigint; bucket?: string; kind?: string; poolNo?: number }

function append(...entries: Entry[]) {
  const rows = entries.map(
    ({ seq, amount, after, bucket = "credits", kind = "adjustment", poolNo = no }) =>
      `('${pool.teamId}', ${poolNo}, ${seq}, '${bucket}', '${kind}', ${amount}, ${after}, '${randomUUID()}')`,
  )
  return sql.writeAsLedger([
    `INSERT INTO entries (team_id, pool_no, seq, bucket, kind, amount_nanos, balance_after_nanos, cause_id)
     VALUES ${rows.join(", ")}`,
  ])
}

describe("the chain", () => {
  test.each([
    ["a gap", 3n],
    ["a number that is taken", 1n],
  ])("refuses %s", async (_, seq) => {
    await expect(append({ seq, amount: 5n, after: usd(10) + 5n })).rejects.toThrow(
      /does not continue the chain|duplicate key/,
    )
  })

  test("refuses a number that is taken in the other bucket", async () => {
    await expect(
      append({ seq: 1n, amount: 5n, after: 5n, bucket: "included", kind: "included_grant" }),
    ).rejects.toThrow("does not continue the chain")
  })

  test.each([-1n, 1n])("refuses a balance that is %s nano off", async (off) => {
    await expect(append({ seq: 2n, amount: 5n, after: usd(10) + 5n + off })).rejects.toThrow(
      "entry 2 of pool",
    )
  })

  test("refuses a gap between two entries of one statement", async () => {
    await expect(
      append({ seq: 2n, amount: 5n, after: usd(10) + 5n }, { seq: 4n, amount: 5n, after: usd(10) + 10n }),
    ).rejects.toThrow("entry 4 of pool")
  })

  test("keeps one balance for each bucket", async () => {
    await expect(
      append({ seq: 2n, amount: 5n, after: usd(10) + 5n, bucket: "included", kind: "included_grant" }),
    ).rejects.toThrow("does not continue the chain")
  })

  test("refuses an entry of nothing", async () => {
    await expect(append({ seq: 2n, amount: 0n, after: usd(10) })).rejects.toThrow("entries_sign_fits_kind")
  })
})

describe("kinds", () => {
  test.each([
    ["purchase", -1n],
    ["auto_top_up", -1n],
    ["promotion", -1n],
    ["dispute_reversal", -1n],
    ["consumption", 1n],
    ["refund", 1n],
    ["dispute", 1n],
    ["expiry", 1n],
  ])("refuses %s of %s", async (kind, amount) => {
    await expect(append({ seq: 2n, amount, after: usd(10) + amount, kind })).rejects.toThrow(
      "entries_sign_fits_kind",
    )
  })

  test.each([
    ["included_grant", "credits", 1n],
    ["purchase", "included", 1n],
    ["auto_top_up", "included", 1n],
    ["promotion", "included", 1n],
    ["dispute_reversal", "included", 1n],
    ["refund", "included", -1n],
    ["dispute", "included", -1n],
  ])("refuses %s in the bucket %s", async (kind, bucket, amount) => {
    await expect(append({ seq: 2n, amount, after: usd(10) + amount, kind, bucket })).rejects.toThrow(
      "entries_sign_fits_kind",
    )
  })

  test.each(["consumption", "expiry", "transfer", "adjustment"])(
    "refuses that %s makes a balance negative",
    async (kind) => {
      await expect(append({ seq: 2n, amount: -usd(11), after: -usd(1), kind })).rejects.toThrow(
        "entries_sign_fits_kind",
      )
    },
  )

  test.each(["purchase", "auto_top_up"])("refuses that credits of a %s expire", async (kind) => {
    await expect(
      sql.writeAsLedger([
        `INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, cause_id, expires_at)
         VALUES ($1, $2, 2, $3, 30, 5, 5, uuidv7(), now())`,
        [pool.teamId, pool.poolId, kind],
      ]),
    ).rejects.toThrow("grants_paid_credits_never_expire")
  })
})

describe("teams", () => {
  test("refuses an entry in a pool that the team doesn’t have", async () => {
    await expect(
      append({ seq: 1n, amount: 5n, after: 5n, kind: "promotion", poolNo: no + 99 }),
    ).rejects.toThrow("the team has no such pool")
  })

  test("refuses a grant in a pool of another team", async () => {
    await expect(
      sql.writeAsLedger([
        `INSERT INTO grants (team_id, pool_id, no, kind, priority, original_nanos, remaining_nanos, cause_id)
         VALUES ($1, $2, 2, 'promotion', 20, 5, 5, uuidv7())`,
        [pool.teamId, otherPool.poolId],
      ]),
    ).rejects.toThrow("foreign key")
  })

  test("refuses a pool for a member of another team", async () => {
    const other = await createTestTeam(world.db)
    await expect(
      sql.query("INSERT INTO pools (team_id, member_id) VALUES ($1, $2)", [
        pool.teamId,
        other.owner.memberId,
      ]),
    ).rejects.toThrow("foreign key")
  })

  test("refuses a second pool of a member, and a second shared pool", async () => {
    const team = await createTestTeam(world.db)
    const insert = "INSERT INTO pools (team_id, member_id) VALUES ($1, $2)"
    await expect(sql.query(insert, [team.id, team.owner.memberId])).rejects.toThrow("duplicate key")
    await sql.query(insert, [team.id, null])
    await expect(sql.query(insert, [team.id, null])).rejects.toThrow("duplicate key")
  })
})
