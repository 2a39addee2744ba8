import { renewPool } from "@/lib/billing/renew-pool"
import { CATALOG } from "@/lib/catalog/catalog"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { HOUR_MS } from "@/lib/clock"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query } from "@/lib/db/query"
import { writeUsage } from "./seed-usage"

/** How much of what a period gives is used, in percent. */
export type PeriodUse = { allowances: Partial<Record<Consumable, number>>; included: number }

export const EVERYTHING: PeriodUse = {
  allowances: Object.fromEntries(CONSUMABLE_CODES.map((code) => [code, 100])),
  included: 100,
}
/** The included credits are used up, and some allowances aren't. */
export const MOST: PeriodUse = {
  allowances: {
    llm_tokens: 100,
    agent_compute: 100,
    sms: 100,
    voice: 100,
    api_calls: 62,
    mcp_calls: 35,
    email: 18,
    storage: 71,
  },
  included: 100,
}
export const SOME: PeriodUse = {
  allowances: { llm_tokens: 100, agent_compute: 44, api_calls: 27, mcp_calls: 9, sms: 21, storage: 52 },
  included: 17,
}
export const LITTLE: PeriodUse = {
  allowances: { llm_tokens: 38, agent_compute: 12, api_calls: 6, storage: 20 },
  included: 0,
}

type PeriodPool = { teamId: string; poolId: string; memberId: string; plan: Plan }

/** Returns the consumables whose allowance is used up. Further usage of them costs credits. */
export function usedUpIn({ allowances }: PeriodUse): Consumable[] {
  return CONSUMABLE_CODES.filter((code) => allowances[code] === 100)
}

/**
 * Begins the pool's period at `from`, and uses this much of it until `to`: the allowances first, then the included
 * credits.
 */
export async function writePeriod(
  query: Query,
  pool: PeriodPool,
  use: PeriodUse,
  { from, to, random }: { from: Date; to: Date; random: () => number },
): Promise<void> {
  await renewPool(query, pool, from)
  const usages = [...shuffled(allowanceUsages(pool.plan, use), random), ...includedUsages(pool.plan, use)]
  const stepMs = (to.getTime() - from.getTime() - HOUR_MS) / usages.length
  for (const [index, usage] of usages.entries()) {
    const at = new Date(Math.floor(from.getTime() + HOUR_MS / 2 + stepMs * (index + random() * 0.8)))
    await writeUsage(query, pool, { ...usage, at })
  }
}

type Usage = { consumable: Consumable; quantity: bigint }

function allowanceUsages(plan: Plan, { allowances }: PeriodUse): Usage[] {
  return CONSUMABLE_CODES.flatMap((consumable) => {
    const used =
      (CATALOG.plans[plan].terms[consumable].allowanceQuantity * BigInt(allowances[consumable] ?? 0)) / 100n
    const parts = consumable === "llm_tokens" ? 12 : 4
    return used === 0n ? [] : inUnevenParts(used, parts).map((quantity) => ({ consumable, quantity }))
  })
}

function includedUsages(plan: Plan, use: PeriodUse): Usage[] {
  const { includedNanos, terms } = CATALOG.plans[plan]
  const nanos = (includedNanos * BigInt(use.included)) / 100n
  if (nanos === 0n) return []
  const codes = usedUpIn(use)
  return inUnevenParts(nanos, 12).map((part, index) => {
    const consumable = codes[index % codes.length] ?? "llm_tokens"
    const scale = 10n ** BigInt(CATALOG.consumables[consumable].decimals)
    return { consumable, quantity: (part * scale) / terms[consumable].rateNanos + 1n }
  })
}

/** Splits a total into parts in the ratio 3 : 4 : 5 …, which add up to it exactly. */
function inUnevenParts(total: bigint, count: number): bigint[] {
  const weights = Array.from({ length: count }, (_, index) => BigInt(index + 3))
  const sum = weights.reduce((a, b) => a + b, 0n)
  const parts = weights.map((weight) => (total * weight) / sum)
  const rest = total - parts.reduce((a, b) => a + b, 0n)
  return parts.map((part, index) => (index === 0 ? part + rest : part)).filter((part) => part > 0n)
}

function shuffled<T>(list: T[], random: () => number): T[] {
  return list
    .map((each) => ({ each, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each)
}
