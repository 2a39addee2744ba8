import { renewPool } from "@/lib/billing/renew-pool"
import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { type Query, queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { availableNanos, lockPoolState } from "@/lib/ledger/pool-state"
import { postCredit } from "@/lib/ledger/post"
import { postSpends } from "@/lib/ledger/post-spends"
import { ensureMeter } from "@/lib/metering/meters"
import { planSpends } from "@/lib/metering/plan-spends"
import { readTeamVersion } from "@/lib/metering/team-context"
import { usageKey } from "@/lib/metering/usage-key"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"

/** Has paid at Stripe what a sample team is said to have bought. */
export type Charge = (bought: {
  team: { id: string; name: string }
  purchaseId: string
  amountNanos: bigint
}) => Promise<{ customerId: string | null; paymentIntentId: string; receiptUrl: string | null }>

type History = {
  teamId: string
  teamName: string
  charge: Charge
  poolId: string
  memberId: string
  plan: Plan
  from: Date
  to: Date
  /** What the pool holds at the end. */
  leftUsd: number
  /** How much is going on, 1 being the busiest pool. */
  weight: number
  randomSeed: number
}

/** Writes a plausible life of a pool: purchases, a promotion, usage in between, and the wanted balance at the end. */
export async function writeHistory(tx: Tx, history: History): Promise<void> {
  const random = randomNumbers(history.randomSeed)
  const usages = Math.round(160 * history.weight)
  const credits = planCredits(history.weight)
  const addedNanos = credits.reduce((sum, credit) => sum + credit.amountNanos, 0n)
  const left = leftNanosOf(history)
  const costs = splitRandomly(addedNanos - left, usages, random)

  const stepMs = (history.to.getTime() - history.from.getTime() - 30 * MINUTE_MS) / usages
  let balance = 0n
  let nextCredit = 0
  const query = queryIn(tx)
  for (const [index, cost] of costs.entries()) {
    const at = new Date(Math.floor(history.from.getTime() + stepMs * (index + random() * 0.8)))
    while (balance < cost && nextCredit < credits.length) {
      const credit = credits[nextCredit++]
      if (!credit) break
      await writeCredit(tx, history, credit, new Date(at.getTime() - MINUTE_MS))
      balance += credit.amountNanos
    }
    const codes = CONSUMABLE_CODES
    const consumable =
      random() < 0.6 ? "llm_tokens" : (codes[Math.floor(random() * codes.length)] ?? "llm_tokens")
    // Whole units cost a little less than what was planned; the last usage makes up for it.
    if (index === usages - 1) await spendDownTo(query, history, { leftNanos: left, at })
    else await writeUsage(query, history, { consumable, amountNanos: cost, at })
    balance -= cost
  }
  for (const credit of credits.slice(nextCredit)) await writeCredit(tx, history, credit, history.to)
}

/** Charges usage until this much is available, to less than what a token costs. Nothing left is exactly nothing. */
async function spendDownTo(
  query: Query,
  history: History,
  { leftNanos, at }: { leftNanos: bigint; at: Date },
): Promise<void> {
  const { rateNanos } = CATALOG.plans[history.plan].terms.llm_tokens
  const available = availableNanos(await lockPoolState(query, history.teamId, history.poolId))
  const amountNanos = available - leftNanos + (leftNanos === 0n ? rateNanos : 0n)
  await writeUsage(query, history, { consumable: "llm_tokens", amountNanos, at })
}

/**
 * Charges usage of about this amount, as much as the pool holds. Nothing is renewed: the seed's past has no periods.
 */
async function writeUsage(
  query: Query,
  { teamId, poolId, plan, memberId }: History,
  usage: { consumable: Consumable; amountNanos: bigint; at: Date },
): Promise<void> {
  const { consumable } = usage
  const terms = { consumable, trigger: "user", memberId, apiKeyId: null } as const
  const meter = await ensureMeter(query, { teamId, plan }, terms)
  const quantity = (usage.amountNanos * 10n ** BigInt(meter.decimals)) / meter.rateNanos
  const request = {
    ...usageKey(newId(), ""),
    meter,
    quantity: quantity > 0n ? quantity : 1n,
    reportedAt: null,
    metadata: null,
    takesWhatIsThere: true,
  }
  const before = await lockPoolState(query, teamId, poolId)
  const { spend } = planSpends(before, [request], 0n)
  const version = await readTeamVersion(query, teamId)
  if (version === null) throw new Error("The seed's team is missing")
  await postSpends(query, { id: teamId, version }, usage.at, [spend])
}

/** Begins the pool's present period, and, if it is to be empty, uses up what that period gives. */
export async function beginPeriod(
  tx: Tx,
  history: History,
  { isUsedUp }: { isUsedUp: boolean },
): Promise<void> {
  const query = queryIn(tx)
  await renewPool(query, history, history.to)
  if (!isUsedUp) return
  const { terms } = CATALOG.plans[history.plan]
  for (const consumable of CONSUMABLE_CODES) {
    const { allowanceQuantity, rateNanos } = terms[consumable]
    const scale = 10n ** BigInt(CATALOG.consumables[consumable].decimals)
    if (allowanceQuantity > 0n)
      await writeUsage(query, history, {
        consumable,
        amountNanos: (allowanceQuantity * rateNanos) / scale,
        at: history.to,
      })
  }
  await spendDownTo(query, history, { leftNanos: leftNanosOf(history), at: history.to })
}

function leftNanosOf({ leftUsd }: History): bigint {
  return BigInt(Math.round(leftUsd * 100)) * NANOS_PER_CENT
}

type Credit = { source: "purchase" | "auto_top_up" | "promotion"; amountNanos: bigint; detail: string | null }

function planCredits(weight: number): Credit[] {
  const usd = (dollars: number) => BigInt(dollars) * NANOS_PER_USD
  const promotion: Credit = { source: "promotion", amountNanos: usd(10), detail: "Welcome credits" }
  const buy = (dollars: number): Credit => ({ source: "purchase", amountNanos: usd(dollars), detail: null })
  const topUp = (dollars: number): Credit => ({
    source: "auto_top_up",
    amountNanos: usd(dollars),
    detail: null,
  })
  return weight === 1
    ? [promotion, buy(25), buy(50), topUp(50), buy(100), topUp(50), buy(250)]
    : [promotion, buy(25), buy(25), buy(50)]
}

async function writeCredit(tx: Tx, history: History, credit: Credit, at: Date): Promise<void> {
  const { teamId, poolId, memberId } = history
  const causeId = newId()
  if (credit.source !== "promotion") {
    const team = { id: teamId, name: history.teamName }
    const charged = await history.charge({ team, purchaseId: causeId, amountNanos: credit.amountNanos })
    const { customerId, paymentIntentId, receiptUrl } = charged
    if (customerId)
      await tx.stripeCustomer.createMany({ data: [{ id: customerId, teamId }], skipDuplicates: true })
    await tx.purchase.create({
      data: {
        teamId,
        id: causeId,
        poolId,
        kind: credit.source === "purchase" ? "one_time" : "auto_top_up",
        ...(credit.source === "auto_top_up" ? { dueCause: "usage" } : {}),
        status: "succeeded",
        amountNanos: credit.amountNanos,
        capturedNanos: credit.amountNanos,
        requestedByMemberId: memberId,
        requestKey: `seed-${causeId}`,
        paymentIntentId,
        receiptUrl,
        createdAt: at,
        expiresAt: at,
        settledAt: at,
      },
    })
  }
  await postCredit(tx, { teamId, poolId, ...credit, causeId, occurredAt: at })
}

/** Splits an amount into so many uneven parts, each at least a ten-thousandth of a dollar, that add up to it exactly. */
function splitRandomly(total: bigint, parts: number, random: () => number): bigint[] {
  const grain = NANOS_PER_CENT / 100n
  // The last part takes what rounding left over, so it is never a small one.
  const weights = Array.from({ length: parts }, (_, index) =>
    index === parts - 1 ? 1000n : BigInt(1 + Math.floor(random() ** 3 * 1000)),
  )
  const sum = weights.reduce((a, b) => a + b, 0n)
  const amounts = weights.map((each) => (((total / grain) * each) / sum) * grain + grain)
  amounts.pop()
  const rest = total - amounts.reduce((a, b) => a + b, 0n)
  if (rest <= 0n) throw new Error(`The seed can't split ${total} into ${parts} parts`)
  return [...amounts, rest]
}

/** The same numbers each time, so that two demos look the same. */
function randomNumbers(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
