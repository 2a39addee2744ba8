import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS } from "@/lib/clock"
import type { EntryKind } from "@/lib/db/generated/enums"
import type { Metering } from "@/lib/metering/metering"
import { reportUsage } from "@/lib/metering/report-usage"
import { reverseUsage } from "@/lib/metering/reverse-usage"
import { listTransactionsBefore, type TransactionFilter } from "./search-transactions"
import type { PoolRef, Transaction } from "./transactions"

const world = testDatabase()
const meterings = testMetering(world)
const now = new Date()
const ago = (ms: number) => new Date(now.getTime() - ms)

let team: TestTeam
let metering: Metering
let pool: PoolRef
let apiKeyId: string
let all: Transaction[]
/** Of each transaction: the member and the key of its usage, or of the usage that it corrects. */
let causes: Map<bigint, { consumable: string; memberId: string | null; apiKeyId: string | null }>

/**
 * A pool in which usage of a member, of a key and of neither lies among purchases and corrections; some was reported
 * days late, some was paid by several grants, and some by included credits alone, which is no transaction.
 */
beforeAll(async () => {
  team = await createTestTeam(world.db, { plan: "free" })
  metering = meterings.start()
  apiKeyId = (await createTestApiKey(world.db, team)).id
  const ref = { teamId: team.id, poolId: team.owner.poolId }
  pool = { teamId: team.id, id: ref.poolId, no: (await readPool(world.db, ref)).no }
  const soon = new Date(now.getTime() + DAY_MS)
  for (let n = 0; n < 24; n++) {
    if (n % 6 === 0) await credit(world.db, ref, usd(0.2), { occurredAt: ago((30 - n) * DAY_MS) })
    if (n % 8 === 3) await credit(world.db, ref, usd(0.02), { source: "included", expiresAt: soon })
    if (n % 9 === 4) await buy(world.db, ref, usd(5))
    const trigger = (["user", "api_key", "schedule"] as const)[n % 3] ?? "user"
    await reportUsage(
      metering,
      team.id,
      usageOf({
        key: `record ${n}`,
        consumable: n % 5 === 0 ? "voice" : "sms",
        quantity: n % 5 === 0 ? 2_500n : BigInt((n % 4) + 1),
        cause: {
          trigger,
          user: trigger === "user" ? team.owner.memberId : null,
          apiKeyId: trigger === "api_key" ? apiKeyId : null,
        },
        occurredAt: n % 2 === 0 ? ago((n % 7) * DAY_MS + HOUR_MS) : null,
      }),
    )
  }
  // Alone on its day.
  await reportUsage(metering, team.id, usageOf({ key: "alone", quantity: 5n, occurredAt: ago(20 * DAY_MS) }))
  for (const [key, quantity] of [
    ["alone", 3n],
    ["record 22", 1n],
    ["record 23", 2n],
  ] as const)
    await reverseUsage(
      metering,
      team.id,
      {
        ...{
          requestKey: key,
          record: { key },
          readQuantity: () => quantity,
          reason: "Twice",
          apiKeyId: null,
        },
        authorise: () => undefined,
      },
      now,
    )
  all = (await list({}, 100)).seen
  causes = new Map(
    (
      await world.db.$queryRaw<
        { seq: bigint; consumable: string; memberId: string | null; apiKeyId: string | null }[]
      >`
      SELECT e.seq, m.consumable, m.member_id AS "memberId", m.api_key_id AS "apiKeyId"
      FROM entries e LEFT JOIN usage_reversals v ON v.team_id = e.team_id AND v.id = e.cause_id
      JOIN meters m ON m.team_id = e.team_id AND m.no = coalesce(e.meter_no, v.meter_no)
      WHERE e.team_id = ${team.id}::uuid AND e.pool_no = ${pool.no}`
    ).map(({ seq, ...cause }) => [seq, cause]),
  )
})

async function list(filter: TransactionFilter, limit: number, mostLookedAt?: number) {
  const seen: Transaction[] = []
  let pages = 0
  for (let before: bigint | null = null; pages === 0 || before !== null; pages++) {
    const page = await listTransactionsBefore(world.db, pool, { before, limit, filter, mostLookedAt })
    expect(page.transactions.length).toBeLessThanOrEqual(limit)
    seen.push(...page.transactions)
    before = page.nextBefore
    if (pages > 200) throw new Error("The pages come to no end")
  }
  return { seen, pages }
}

function fits({ seq, kind, amountNanos, occurredAt }: Transaction, filter: TransactionFilter): boolean {
  const {
    kinds,
    from,
    to,
    minNanos,
    maxNanos,
    minSizeNanos,
    maxSizeNanos,
    consumable,
    memberId,
    apiKeyId: keyId,
  } = filter
  const cause = causes.get(seq)
  const size = amountNanos < 0n ? -amountNanos : amountNanos
  return (
    (!kinds || kinds.includes(kind)) &&
    (!from || occurredAt >= from) &&
    (!to || occurredAt < to) &&
    (minNanos === undefined || amountNanos >= minNanos) &&
    (maxNanos === undefined || amountNanos <= maxNanos) &&
    (minSizeNanos === undefined || size >= minSizeNanos) &&
    (maxSizeNanos === undefined || size <= maxSizeNanos) &&
    (consumable === undefined || cause?.consumable === consumable) &&
    (memberId === undefined || (cause !== undefined && cause.memberId === memberId)) &&
    (keyId === undefined || (cause !== undefined && cause.apiKeyId === keyId))
  )
}

const KINDS: EntryKind[] = ["purchase", "promotion", "consumption", "consumption_reversal", "refund"]
const amount = fc.oneof(
  fc.integer({ min: -8, max: 8 }).map((texts) => BigInt(texts) * SMS_NANOS),
  fc.constantFrom(0n, -1n, usd(5), usd(0.2), -(2n ** 62n), 2n ** 62n),
)
const time = fc.oneof(
  fc.integer({ min: 0, max: 31 * 24 }).map((hours) => ago(hours * HOUR_MS)),
  fc.constantFrom(new Date("0001-01-01T00:00:00Z"), new Date("9999-12-31T23:59:59Z")),
)
const anyFilter = fc.record(
  {
    kinds: fc.subarray(KINDS, { minLength: 1 }),
    from: time,
    to: time,
    minNanos: amount,
    maxNanos: amount,
    minSizeNanos: amount,
    maxSizeNanos: amount,
    consumable: fc.constantFrom("sms", "voice", "email"),
    memberId: fc.constantFrom("owner" as const, null),
    apiKeyId: fc.constantFrom("key" as const, null),
  },
  { requiredKeys: [] },
)

test("whatever the filter, the pages hold what fits it, each once, in order, with its balance", async () => {
  expect(all.length).toBeGreaterThan(30)
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(KINDS.slice(0, 4)))
  await fc.assert(
    fc.asyncProperty(
      anyFilter,
      fc.integer({ min: 4, max: 9 }),
      fc.constantFrom<number>(10, 5_000),
      async ({ memberId, apiKeyId: keyId, ...rest }, limit, mostLookedAt) => {
        const filter: TransactionFilter = {
          ...rest,
          memberId: memberId === "owner" ? team.owner.memberId : memberId,
          apiKeyId: keyId === "key" ? apiKeyId : keyId,
        }
        const { seen } = await list(filter, limit, mostLookedAt)
        expect(seen).toEqual(all.filter((each) => fits(each, filter)))
      },
    ),
    {
      numRuns: 40,
      examples: [
        // Few usage fits, so pages end where they stopped looking, among purchases.
        [{ minNanos: -SMS_NANOS }, 9, 3],
        // The total of that day is smaller than its record was.
        [{ maxNanos: -5n * SMS_NANOS, consumable: "sms" }, 4, 5_000],
        [{ memberId: null }, 4, 5_000],
        [{ minSizeNanos: 4n * SMS_NANOS }, 9, 5],
      ],
    },
  )
})

test("a page that ends between two days goes on with the older ones", async () => {
  const ref = { teamId: team.id, poolId: team.member.poolId }
  await credit(world.db, ref, usd(1), { occurredAt: ago(9 * DAY_MS) })
  const cause = { trigger: "user" as const, user: team.member.memberId, apiKeyId: null }
  for (let n = 0; n < 12; n++) {
    const occurredAt = ago((3 - Math.floor(n / 4)) * DAY_MS)
    await reportUsage(metering, team.id, usageOf({ key: `of a day ${n}`, quantity: 1n, cause, occurredAt }))
  }
  const place = { teamId: team.id, id: ref.poolId, no: (await readPool(world.db, ref)).no }
  const seen: bigint[] = []
  for (let before: bigint | null = 100n; before !== null; ) {
    const search = { before, limit: 20, filter: { consumable: "sms" }, mostLookedAt: 6 }
    const page = await listTransactionsBefore(world.db, place, search)
    seen.push(...page.transactions.map(({ seq }) => seq))
    before = page.nextBefore
  }
  expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => BigInt(13 - n)))
})
