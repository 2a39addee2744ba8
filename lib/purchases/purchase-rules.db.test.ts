import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { testSql } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { postCredit } from "@/lib/ledger/post"

const world = testDatabase()
const sql = testSql(world)
let team: TestTeam
let id: string

async function insertPurchase(more: Record<string, unknown> = {}): Promise<string> {
  const row = await world.db.purchase.create({
    data: {
      teamId: team.id,
      poolId: team.owner.poolId,
      kind: "one_time",
      amountNanos: usd(25),
      requestedByMemberId: team.owner.memberId,
      requestKey: randomUUID(),
      expiresAt: new Date(),
      ...more,
    },
  })
  return row.id
}

const SUCCEED = `UPDATE purchases SET status = 'succeeded', captured_nanos = amount_nanos, payment_intent_id = id::text,
  settled_at = now() WHERE id = $1`

/** Credits the purchase as the product does, except for what the test changes. */
function fulfil(change: { amount?: bigint; source?: "purchase" | "auto_top_up"; poolId?: string } = {}) {
  return world.db.$transaction(async (tx) => {
    await tx.$executeRawUnsafe(SUCCEED.replace("$1", `'${id}'`))
    await postCredit(tx, {
      teamId: team.id,
      poolId: change.poolId ?? team.owner.poolId,
      source: change.source ?? "purchase",
      amountNanos: change.amount ?? usd(25),
      causeId: id,
      occurredAt: new Date(),
    })
  })
}

beforeEach(async () => {
  team = await createTestTeam(world.db)
  id = await insertPurchase()
})

describe("a purchase and its credits", () => {
  test("are committed together", async () => {
    await fulfil()
    expect(await world.db.entry.count({ where: { causeId: id } })).toBe(1)
  })

  test("are refused when the credits are missing", async () => {
    await expect(sql.query(SUCCEED, [id])).rejects.toThrow("succeeded without its credits")
  })

  test.each([
    ["a cent less", { amount: usd(24.99) }],
    ["a cent more", { amount: usd(25.01) }],
    ["another kind", { source: "auto_top_up" as const }],
  ])("are refused when the credits are %s", async (_, change) => {
    await expect(fulfil(change)).rejects.toThrow()
    expect(await world.db.entry.count({ where: { causeId: id } })).toBe(0)
  })

  test("are refused when the credits went to another pool of the team", async () => {
    await expect(fulfil({ poolId: team.admin.poolId })).rejects.toThrow()
    expect(await world.db.entry.count({ where: { causeId: id } })).toBe(0)
  })

  const creditAgain = (source: "purchase" | "auto_top_up", causeId: string) =>
    world.db.$transaction((tx) =>
      postCredit(tx, {
        teamId: team.id,
        poolId: team.owner.poolId,
        source,
        amountNanos: usd(25),
        causeId,
        occurredAt: new Date(),
      }),
    )

  test.each(["purchase", "auto_top_up"] as const)(
    "are refused when a %s was never captured",
    async (source) => {
      await expect(creditAgain(source, id)).rejects.toThrow()
      await expect(creditAgain(source, randomUUID())).rejects.toThrow()
      expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(0)
    },
  )

  test("are refused when the same purchase is credited again as another kind", async () => {
    await fulfil()
    await expect(creditAgain("auto_top_up", id)).rejects.toThrow()
    expect(await world.db.entry.count({ where: { teamId: team.id } })).toBe(1)
  })

  test("are credited once for one payment", async () => {
    await fulfil()
    const other = await insertPurchase()
    await expect(
      sql.query("UPDATE purchases SET payment_intent_id = $2 WHERE id = $1", [other, id]),
    ).rejects.toThrow("purchases_once_per_payment")
  })
})

describe("the status of a purchase", () => {
  const setStatus = (status: string) =>
    sql.query("UPDATE purchases SET status = $2 WHERE id = $1", [id, status])

  test.each(["created", "open", "processing", "failed", "expired", "cancelled"])(
    "stays succeeded instead of becoming %s",
    async (status) => {
      await fulfil()
      await expect(setStatus(status)).rejects.toThrow("a purchase that succeeded stays as it is")
    },
  )

  test.each([
    ["processing", "created"],
    ["processing", "open"],
    ["failed", "open"],
    ["failed", "processing"],
    ["expired", "open"],
    ["expired", "failed"],
    ["failed", "cancelled"],
    ["cancelled", "processing"],
    ["cancelled", "failed"],
  ])("never goes from %s to %s", async (from, to) => {
    await setStatus(from)
    await expect(setStatus(to)).rejects.toThrow(/can only turn out to be paid|was made/)
  })

  test("names its payment and time when it succeeded", async () => {
    await expect(setStatus("succeeded")).rejects.toThrow("purchases_success_names_its_payment")
    await expect(
      sql.query("UPDATE purchases SET captured_nanos = amount_nanos WHERE id = $1", [id]),
    ).rejects.toThrow("purchases_success_names_its_payment")
  })
})

test("the checkout of a purchase, once written down, never changes", async () => {
  const setSession = (session: string) =>
    sql.query("UPDATE purchases SET checkout_session_id = $2 WHERE id = $1", [id, session])
  await setSession("cs_test_first")
  await expect(setSession("cs_test_second")).rejects.toThrow("never changes")
})

describe("what was asked", () => {
  test.each([
    ["amount_nanos", "amount_nanos + 10000000"],
    ["pool_id", "(SELECT p.id FROM pools p WHERE p.team_id = purchases.team_id AND p.id <> pool_id LIMIT 1)"],
    ["request_key", "'another request key'"],
    ["kind", "'auto_top_up'"],
    [
      "requested_by_member_id",
      "(SELECT m.id FROM members m WHERE m.team_id = purchases.team_id AND m.role = 'ADMIN')",
    ],
    ["expires_at", "now() + interval '1 day'"],
    ["created_at", "now() - interval '1 day'"],
  ])("never changes: %s", async (column, value) => {
    await expect(sql.query(`UPDATE purchases SET ${column} = ${value} WHERE id = $1`, [id])).rejects.toThrow(
      "what was asked in a purchase never changes",
    )
  })

  test("is refused when it isn’t whole cents, or its key is empty", async () => {
    await expect(insertPurchase({ amountNanos: usd(5) + 1n })).rejects.toThrow("amount_nanos_check")
    await expect(insertPurchase({ requestKey: "" })).rejects.toThrow("request_key_check")
  })

  test("is refused for a pool or a person of another team", async () => {
    const other = await createTestTeam(world.db)
    await expect(insertPurchase({ poolId: other.owner.poolId })).rejects.toThrow("Foreign key")
    await expect(insertPurchase({ requestedByMemberId: other.owner.memberId })).rejects.toThrow("Foreign key")
  })

  test("is kept: refuses DELETE and TRUNCATE", async () => {
    await expect(sql.query("DELETE FROM purchases")).rejects.toThrow("purchases are kept")
    await expect(sql.query("TRUNCATE purchases CASCADE")).rejects.toThrow(/are kept/)
  })
})
