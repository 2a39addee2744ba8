import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey, fillApiKeys } from "@/dev/testing/api-keys"
import { consume, credit, readPool, usd } from "@/dev/testing/ledger"
import { memberCtx } from "@/dev/testing/members"
import { buy, disputeOf, refundOf, report, reportDispute, type TestPayment } from "@/dev/testing/money-back"
import { addTestMember, createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key"
import { rollApiKey } from "@/lib/api-keys/roll-api-key"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import { approveRequest } from "@/lib/credit-requests/answer-request"
import { requestCredits } from "@/lib/credit-requests/request-credits"
import { fromPublicId, newId, toPublicId } from "@/lib/ids"
import { listRecentTransactions } from "@/lib/ledger/transactions"
import { usageKey } from "@/lib/metering/usage-key"
import { MOST_FOUND } from "./schema"
import { searchTeam } from "./search-team"

const world = testDatabase()
const NOTHING = { members: [], keys: [], transactions: [], teams: [] }
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
})

type Searched = { as?: "OWNER" | "ADMIN" | "MEMBER"; in?: TestTeam; now?: Date }
function search(text: string, { as: role = "OWNER", in: where = team, now = new Date() }: Searched = {}) {
  const { memberId: id, userId } = where[role.toLowerCase() as "owner" | "admin" | "member"]
  const { slug, name } = where
  const viewer = {
    team: { id: where.id, slug, name, plan: "free" as const, lowBalanceThresholdNanos: 0n },
    member: { id, role },
    user: { id: userId },
  }
  return searchTeam({ db: world.db, now }, viewer, text)
}
const rename = ({ userId }: TestMember, name: string | null) =>
  world.db.user.update({ where: { id: userId }, data: { name } })
const add = (role: "ADMIN" | "MEMBER") => addTestMember(world.db, { teamId: team.id, plan: "free", role })

describe("members", () => {
  const names = async (text: string) => (await search(text)).members.map(({ name }) => name)

  test("are found by a part of the name or the address, those first that begin with it", async () => {
    await rename(team.owner, "Joanna Bell")
    await rename(team.member, "Anna Marlow")
    await rename(team.admin, null)
    expect(await names("ANNA")).toEqual(["Anna Marlow", "Joanna Bell"])
    expect(await names(team.admin.email.toUpperCase().slice(0, 20))).toEqual([team.admin.email])
    await rename(team.admin, "محمد")
    expect(await names("\u200fحمد")).toEqual(["محمد"])
  })

  test("who have left aren’t found, nor people of another team", async () => {
    const others = await createTestTeam(world.db)
    const gone = await add("MEMBER")
    await world.db.member.updateMany({ where: { id: gone.memberId }, data: { removedAt: new Date() } })
    expect(await names(gone.email)).toEqual([])
    expect(await names(others.owner.email)).toEqual([])
    expect(await names(toPublicId("member", team.owner.memberId))).toEqual([])
  })

  test.each(["%", "_", "\\", "100%_\\"])(
    "are found by %s as itself and not as any character",
    async (text) => {
      await rename(team.admin, "100%_\\ sure")
      await rename(team.owner, "Ada")
      expect(await names(text)).toEqual(["100%_\\ sure"])
    },
  )

  test(`are at most ${MOST_FOUND}`, async () => {
    for (let count = 0; count < MOST_FOUND; count += 1) await add("MEMBER")
    expect(await names("@example.com")).toHaveLength(MOST_FOUND)
  })
})

describe("API keys", () => {
  const names = async (text: string, more: Searched = {}) =>
    (await search(text, more)).keys.map(({ name }) => name)

  test("are found by name, by the end that pages show, and by their whole text", async () => {
    const { apiKey } = await createTestApiKey(world.db, team, { name: "Production" })
    await createTestApiKey(world.db, team, { name: "Staging 100%" })
    const end = apiKey.slice(-4)
    for (const text of ["duct", "PROD", `ck_…${end}`, `ck_...${end}`, `…${end}`, end, apiKey, ` ${apiKey} `])
      expect(await names(text), text).toEqual(["Production"])
    expect(await names("%")).toEqual(["Staging 100%"])
    expect(await names("ck_…____")).toEqual([])
  })

  test("are found by a replaced secret while it works", async () => {
    const key = await createTestApiKey(world.db, team, { name: "Rolled" })
    await rollApiKey(memberCtx(world, team, team.owner), { apiKeyId: key.id, overlapHours: 1 })
    const end = `ck_…${key.apiKey.slice(-4)}`
    expect(await names(end)).toEqual(["Rolled"])
    expect(await names(end, { now: new Date(Date.now() + 2 * HOUR_MS) })).toEqual([])
  })

  test("that were revoked, or are another team’s, aren’t found, and one that has expired is marked", async () => {
    const key = await createTestApiKey(world.db, team, { name: "Nightly" })
    const others = await createTestTeam(world.db)
    expect(await names("Nightly", { in: others })).toEqual([])
    expect(await names(key.apiKey, { in: others })).toEqual([])
    await revokeApiKey(memberCtx(world, team, team.owner), { apiKeyId: key.id })
    expect(await names("Nightly")).toEqual([])
    const ends = { keyHash: randomUUID(), last4: "a1B2", expiresAt: new Date(Date.now() + DAY_MS) }
    await world.db.apiKey.create({
      data: { teamId: team.id, name: "Nightly", scopes: ["usage:write"], ...ends },
    })
    expect((await search("Nightly")).keys).toMatchObject([{ hasExpired: false }])
    const later = new Date(Date.now() + 2 * DAY_MS)
    expect((await search("Nightly", { now: later })).keys).toMatchObject([{ hasExpired: true }])
  })

  test(`are at most ${MOST_FOUND}`, async () => {
    await fillApiKeys(world.db, team, MOST_FOUND + 1)
    expect(await names("key")).toHaveLength(MOST_FOUND)
  })
})

describe("transactions", () => {
  let payment: TestPayment
  const own = () => ({ teamId: team.id, poolId: team.owner.poolId })

  beforeEach(async () => {
    payment = await buy(world.db, own(), usd(100))
  })

  /** Finds transactions, and expects each to be in the list that the page shows. */
  async function find(text: string): Promise<string[]> {
    const { transactions } = await search(text)
    for (const { poolId, seq, kind, detail, amountNanos, occurredAt } of transactions) {
      const { no } = await readPool(world.db, { teamId: team.id, poolId })
      const listed = await listRecentTransactions(world.db, { teamId: team.id, id: poolId, no }, 50)
      expect(listed.find((each) => each.seq === seq)).toMatchObject({ kind, detail, amountNanos, occurredAt })
    }
    return transactions.map(({ kind, amountNanos }) => `${kind} ${amountNanos / usd(1)}`)
  }

  test("are found by a payment, with what was refunded and disputed of it, or by the refund alone", async () => {
    const refund = await refundOf(world.db, payment, usd(30))
    const dispute = await disputeOf(world.db, payment, usd(20))
    await report(world.db, refund)
    await reportDispute(world.db, dispute)
    await buy(world.db, own(), usd(7))
    const all = ["purchase 100", "refund -30", "dispute -20"]
    expect(await find(payment.paymentIntentId)).toEqual(all)
    expect(await find(toPublicId("pur", payment.purchaseId))).toEqual(all)
    expect(await find(refund.stripeRefundId)).toEqual(["refund -30"])
    expect(await find(dispute.stripeDisputeId)).toEqual(["dispute -20"])
    expect(await find(payment.paymentIntentId.slice(0, -1))).toEqual([])
    expect(await find(`${payment.paymentIntentId.slice(0, -1)}%`)).toEqual([])
  })

  test("are found by the key of usage, also if included credits and several grants paid for it", async () => {
    const expiresAt = new Date(Date.now() + DAY_MS)
    await credit(world.db, own(), usd(1), { source: "included", expiresAt })
    await credit(world.db, own(), usd(2))
    await consume(world.db, own(), usd(6), { causeId: "nightly index/42" })
    expect(await find("nightly index/42")).toEqual(["consumption -5"])
    const holdId = newId()
    await consume(world.db, own(), usd(3), { causeId: `\u0001hold ${holdId}` })
    expect(await find(toPublicId("hold", holdId))).toEqual(["consumption -3"])
    expect(await find(`\u0001hold ${holdId}`)).toEqual([])
    await credit(world.db, own(), usd(1), { source: "included", expiresAt })
    await consume(world.db, own(), usd(1), { causeId: "of the plan" })
    expect(await find("of the plan")).toEqual([])
  })

  test("are found by the key of usage with its corrections, or by the correction alone", async () => {
    await consume(world.db, own(), usd(6), { causeId: "metered twice" })
    const { key } = usageKey("metered twice", "")
    const id = newId()
    await world.db
      .$executeRaw`SELECT ledger_reverse_usage(${team.id}::uuid, ${id}::uuid, ${team.owner.poolId}::uuid, ${key},
      ${usd(4)}, 0::bigint, 'correction', 'print', 'Metered twice', NULL, now())`
    expect(await find("metered twice")).toEqual(["consumption -6", "consumption_reversal 4"])
    expect(await find(toPublicId("rev", id))).toEqual(["consumption_reversal 4"])
  })

  test("are found by the request for credits that they answered, in both pools", async () => {
    const request = { amountNanos: usd(25), reason: "Evals", changes: null }
    const { requestId } = await requestCredits(memberCtx(world, team, team.member), request)
    expect(await find(requestId)).toEqual([])
    const answer = { requestId: fromPublicId("creq", requestId) ?? "", amountNanos: usd(20) }
    await approveRequest(memberCtx(world, team, team.owner), answer)
    expect((await find(requestId)).sort()).toEqual(["transfer -20", "transfer 20"])
  })

  test("of another team aren’t found, whatever their name", async () => {
    await consume(world.db, own(), usd(6), { causeId: "nightly" })
    const others = await createTestTeam(world.db)
    const refund = await refundOf(world.db, payment, usd(30))
    await report(world.db, refund)
    // Theirs have the same numbers.
    const theirs = { teamId: others.id, poolId: others.owner.poolId }
    await buy(world.db, theirs, usd(100))
    await consume(world.db, theirs, usd(6), { causeId: "their own" })
    for (const text of [
      payment.paymentIntentId,
      toPublicId("pur", payment.purchaseId),
      refund.stripeRefundId,
      "nightly",
    ]) {
      expect((await search(text)).transactions, text).not.toEqual([])
      expect(await search(text, { in: others }), text).toEqual(NOTHING)
    }
  })
})

test("other teams of the person are found by name or address, and none that they have left or that is gone", async () => {
  const name = `Fabrikam ${randomUUID()}`
  const others = await createTestTeam(world.db)
  await world.db.team.update({ where: { id: others.id }, data: { name } })
  const find = async () => (await search(name)).teams.map(({ slug, role }) => [slug, role])
  expect(await find()).toEqual([])
  const member = { teamId: others.id, id: newId(), userId: team.owner.userId, role: "MEMBER" as const }
  await world.db.member.create({ data: member })
  expect(await find()).toEqual([[others.slug, "MEMBER"]])
  expect((await search(others.slug)).teams).toHaveLength(1)
  expect((await search(team.slug)).teams).toEqual([])
  await world.db.team.update({ where: { id: others.id }, data: { deletedAt: new Date() } })
  expect(await find()).toEqual([])
  await world.db.team.update({ where: { id: others.id }, data: { deletedAt: null } })
  await world.db.member.updateMany({ where: { id: member.id }, data: { removedAt: new Date() } })
  expect(await find()).toEqual([])
})

test("an Admin finds what the Owner finds, and a Member nothing of the team", async () => {
  const word = `w${randomUUID()}`
  const pool = { teamId: team.id, poolId: team.member.poolId }
  await rename(team.admin, word)
  await createTestApiKey(world.db, team, { name: word })
  await credit(world.db, pool, usd(5))
  await consume(world.db, pool, usd(2), { causeId: word })
  const found = await search(word)
  expect([found.members, found.keys, found.transactions].map(({ length }) => length)).toEqual([1, 1, 1])
  expect(await search(word, { as: "ADMIN" })).toEqual(found)
  expect(await search(word, { as: "MEMBER" })).toEqual(NOTHING)
})

test.each([
  ["nothing", ""],
  ["space", " \t\n"],
  ["NUL", "\0"],
  ["control characters", "\u0001\u001b[2J\u007f"],
  ["half a character", "\ud83d"],
  ["marks of direction alone", "\u202e\u200f"],
  ["1,000 characters", "a".repeat(1_000)],
  ["1,000 wildcards", "%".repeat(1_000)],
  ["SQL", "' OR true; --"],
  ["a backslash at the end", "nobody\\"],
  ["an array", "{1,2}"],
  ["an id of the wrong kind", toPublicId("pool", newId())],
])("%s finds nothing", async (_, text) => {
  expect(await search(text)).toEqual(NOTHING)
})
