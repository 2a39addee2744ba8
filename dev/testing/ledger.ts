import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { lockPoolState } from "@/lib/ledger/pool-state"
import { type CreditPosting, postCredit } from "@/lib/ledger/post"
import { postSpends } from "@/lib/ledger/post-spends"
import type { Meter } from "@/lib/metering/meters"
import { planSpends } from "@/lib/metering/plan-spends"
import { readReceipts } from "@/lib/metering/read-receipts"
import { usageKey } from "@/lib/metering/usage-key"
import { NANOS_PER_USD } from "@/lib/money/usd"

export type TestPool = { teamId: string; poolId: string }

export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 100)) * (NANOS_PER_USD / 100n)

/** Adds credits in a separate transaction. As a promotion unless told otherwise, because that needs no payment. */
export function credit(db: Db, pool: TestPool, amountNanos: bigint, more: Partial<CreditPosting> = {}) {
  return db.$transaction((tx) =>
    postCredit(tx, {
      ...pool,
      source: "promotion",
      amountNanos,
      causeId: randomUUID(),
      occurredAt: new Date(),
      ...more,
    }),
  )
}

/** Whose usage it is. Nobody's unless told otherwise. */
type UsedBy = Partial<Pick<Meter, "trigger" | "memberId" | "apiKeyId">>
type Usage = {
  causeId?: string
  occurredAt?: Date
  consumable?: Meter["consumable"]
  now?: Date
  by?: UsedBy
}

/**
 * Draws an amount from a pool in a separate transaction: usage of something that costs a nano a unit and has no
 * allowance. Writes off what has expired first; begins no period.
 */
export async function consume(
  db: Db,
  { teamId, poolId }: TestPool,
  amountNanos: bigint,
  { causeId = randomUUID(), occurredAt, now = new Date(), consumable = "llm_tokens", by }: Usage = {},
) {
  const meter = await nanoMeter(db, teamId, consumable, by)
  return db.$transaction(async (tx) => {
    const query = queryIn(tx)
    await tx.$queryRaw`SELECT ledger_expire(${teamId}::uuid, pool.id, ${now}::timestamptz)
      FROM pools pool WHERE pool.team_id = ${teamId}::uuid AND pool.id = ${poolId}::uuid`
    const before = await lockPoolState(query, teamId, poolId)
    const { key, print } = usageKey(causeId, String(amountNanos))
    const known = (await readReceipts(query, teamId, [key])).get(key)
    if (known) {
      if (known.print !== print) throw new Error("The cause was drawn with another amount")
      return { enough: true, replayed: true, ...drawn(known.receipt) }
    }
    const request = {
      key,
      print,
      meter,
      quantity: amountNanos,
      reportedAt: occurredAt ?? null,
      metadata: null,
    }
    const { outcomes, spend } = planSpends(before, [request], 5n * NANOS_PER_USD)
    const [outcome] = outcomes
    if (!outcome || "refusal" in outcome)
      return { enough: false, replayed: false, includedNanos: 0n, creditsNanos: 0n }
    const { meteringVersion } = await tx.team.findUniqueOrThrow({ where: { id: teamId } })
    const applied = await postSpends(query, { id: teamId, version: meteringVersion }, now, [spend])
    if (!applied.has(poolId)) throw new Error("The locked pool changed")
    return { enough: true, replayed: false, ...drawn(outcome.receipt) }
  })
}

const drawn = (receipt: { includedNanos: bigint; promotionNanos: bigint; creditsNanos: bigint }) => ({
  includedNanos: receipt.includedNanos,
  creditsNanos: receipt.promotionNanos + receipt.creditsNanos,
})

/** Returns a meter of the team at a nano a unit. Its number is far from those that the product gives. */
export async function nanoMeter(
  db: Db,
  teamId: string,
  consumable: Meter["consumable"],
  by: UsedBy = {},
): Promise<Meter> {
  const terms = { consumable, trigger: "api_key", memberId: null, apiKeyId: null, ...by } as const
  const known = await db.meter.findFirst({ where: { teamId, ...terms, rateNanos: 1n } })
  const no = known?.no ?? 900_000 + (Number.parseInt(newId().slice(-6), 16) % 100_000)
  if (!known)
    await db.meter.createMany({
      data: [{ teamId, no, ...terms, decimals: 0, rateNanos: 1n }],
      skipDuplicates: true,
    })
  const made = await db.meter.findFirstOrThrow({ where: { teamId, ...terms, rateNanos: 1n } })
  return { ...terms, no: made.no, decimals: 0, rateNanos: 1n, hasAllowance: false }
}

export async function readPool(db: Db, { teamId, poolId }: TestPool) {
  return db.pool.findUniqueOrThrow({ where: { teamId_id: { teamId, id: poolId } } })
}

/** Returns the pool's entries, oldest first. */
export async function readEntries(db: Db, pool: TestPool) {
  const { no } = await readPool(db, pool)
  return db.entry.findMany({ where: { teamId: pool.teamId, poolNo: no }, orderBy: { seq: "asc" } })
}

/** Returns what is left of each grant of the pool, in drawing order. */
export async function readGrants(db: Db, { teamId, poolId }: TestPool) {
  const grants = await db.grant.findMany({
    where: { teamId, poolId },
    orderBy: [{ priority: "asc" }, { expiresAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
  })
  return grants.map(({ kind, remainingNanos }) => ({ kind, remainingNanos }))
}
