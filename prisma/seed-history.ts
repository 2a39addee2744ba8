import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import type { Tx } from "@/lib/db/client"
import type { Plan } from "@/lib/db/generated/enums"
import { type Query, queryIn } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { availableNanos, lockPoolState } from "@/lib/ledger/pool-state"
import { postCredit } from "@/lib/ledger/post"
import { NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"
import type { Paid, PayingTeam } from "./seed-payments"
import { type PeriodUse, usedUpIn, writePeriod } from "./seed-period"
import { writeUsage } from "./seed-usage"

type History = {
  team: PayingTeam
  teamId: string
  pay: (bought: { team: PayingTeam; purchaseId: string; amountNanos: bigint }) => Promise<Paid>
  poolId: string
  memberId: string
  plan: Plan
  from: Date
  /** When the present period began. */
  periodFrom: Date
  to: Date
  use: PeriodUse
  /** The pool's balance at the end. */
  leftUsd: number
  /** How much usage there is, 1 being the busiest pool. */
  weight: number
  randomSeed: number
}

/** How long a pool has been using credits again once it has used up what its period gives. */
const ON_CREDITS_MS = 5 * DAY_MS

/**
 * Writes a plausible history of a pool: purchases, a promotion, usage in between, the present period and its usage,
 * and the wanted balance at the end.
 */
export async function writeHistory(tx: Tx, history: History): Promise<void> {
  const random = randomNumbers(history.randomSeed)
  const usages = Math.round(160 * history.weight)
  const credits = planCredits(history.weight)
  const addedNanos = credits.reduce((sum, credit) => sum + credit.amountNanos, 0n)
  const left = leftNanosOf(history)
  const costs = splitRandomly(addedNanos - left, usages, random)
  const { from, periodFrom, to, use } = history
  // Credits aren't used while the plan still gives anything.
  const againMs = use.included === 100 ? ON_CREDITS_MS : 0
  const againFrom = new Date(to.getTime() - againMs)
  const beforeMs = periodFrom.getTime() - from.getTime()
  const stepMs = (beforeMs + againMs - 30 * MINUTE_MS) / usages
  const query = queryIn(tx)
  let balance = 0n
  let nextCredit = 0
  let hasPeriod = false
  for (const [index, cost] of costs.entries()) {
    const passedMs = Math.floor(stepMs * (index + random() * 0.8))
    if (!hasPeriod && passedMs >= beforeMs) {
      await writePeriod(query, history, use, { from: periodFrom, to: againFrom, random })
      hasPeriod = true
    }
    const at = new Date(hasPeriod ? againFrom.getTime() + passedMs - beforeMs : from.getTime() + passedMs)
    while (balance < cost && nextCredit < credits.length) {
      const credit = credits[nextCredit++]
      if (!credit) break
      await writeCredit(tx, history, credit, new Date(at.getTime() - MINUTE_MS))
      balance += credit.amountNanos
    }
    const codes = hasPeriod ? usedUpIn(use) : CONSUMABLE_CODES
    const consumable: Consumable =
      random() < (hasPeriod ? 0.3 : 0.6)
        ? "llm_tokens"
        : (codes[Math.floor(random() * codes.length)] ?? "llm_tokens")
    // Whole units cost a little less than planned. The last usage makes up for it.
    if (index === usages - 1) await spendDownTo(query, history, { leftNanos: left, at })
    else await writeUsage(query, history, { consumable, amountNanos: cost, at })
    balance -= cost
  }
  if (nextCredit < credits.length) throw new Error("The seed has more credits than its usage needs")
  if (!hasPeriod) await writePeriod(query, history, use, { from: periodFrom, to, random })
}

/** Charges usage until this much is available, to within the cost of a token. Zero is exactly zero. */
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
  const { team, teamId, poolId, memberId } = history
  const causeId = newId()
  if (credit.source !== "promotion") {
    const { amountNanos } = credit
    const { paymentIntentId, receiptUrl } = await history.pay({ team, purchaseId: causeId, amountNanos })
    await tx.purchase.create({
      data: {
        teamId,
        id: causeId,
        poolId,
        kind: credit.source === "purchase" ? "one_time" : "auto_top_up",
        ...(credit.source === "auto_top_up" ? { dueCause: "usage" } : {}),
        status: "succeeded",
        amountNanos,
        capturedNanos: amountNanos,
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

/** Splits an amount into uneven parts, each at least a ten-thousandth of a dollar, that add up to it exactly. */
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

/** Yields the same numbers each time, so that two demos look the same. */
function randomNumbers(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
