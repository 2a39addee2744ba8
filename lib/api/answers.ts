import { z } from "@hono/zod-openapi"
import type { AgentTask } from "@/lib/agent/tasks"
import { CONSUMABLE_CODES, type Consumable } from "@/lib/catalog/schema"
import { AgentTaskState } from "@/lib/db/generated/enums"
import { toPublicId } from "@/lib/ids"
import type { LimitState } from "@/lib/ledger/limits"
import type { Hold } from "@/lib/metering/holds"
import type { Receipt } from "@/lib/metering/plan-spends"
import { formatQuantity } from "@/lib/metering/quantity"
import type { Balance } from "@/lib/metering/read-balance"
import { toDecimalString } from "@/lib/money/usd"
import { TRIGGERS } from "@/lib/pools/triggers"

// The shapes of the API's answers, for its document and for the tests that compare answers with it.

export const money = z
  .string()
  .regex(/^-?[0-9]+\.[0-9]{2,9}$/)
  .openapi("Money", { description: "US dollars as a decimal text, exact.", example: "12.34" })
export const quantity = z
  .string()
  .regex(/^-?[0-9]+(\.[0-9]{1,3})?$/)
  .openapi("Quantity", { description: "Units of the consumable.", example: "2.5" })
export const instant = z.iso.datetime({ precision: 3 })

export const receiptAnswer = z
  .strictObject({
    cost: money.openapi({ description: "The cost beyond the allowance." }),
    drawn: z.strictObject({ allowance: quantity, included: money, promotion: money, credits: money }),
    balance: money.openapi({ description: "The add-on credits left." }),
    available: money.openapi({
      description: "The amount that may still be spent: with included credits, less holds.",
    }),
    replayed: z.boolean().openapi({ description: "Whether this repeats the first answer to this key." }),
  })
  .openapi("Receipt")

export function receiptJson(
  receipt: Receipt,
  consumable: Consumable,
  replayed: boolean,
): z.output<typeof receiptAnswer> {
  return {
    cost: toDecimalString(receipt.costNanos),
    drawn: {
      allowance: formatQuantity(receipt.allowanceQuantity, consumable),
      included: toDecimalString(receipt.includedNanos),
      promotion: toDecimalString(receipt.promotionNanos),
      credits: toDecimalString(receipt.creditsNanos),
    },
    balance: toDecimalString(receipt.balanceNanos),
    available: toDecimalString(receipt.availableNanos),
    replayed,
  }
}

export const limitsAnswer = z.array(
  z
    .strictObject({
      of: z.enum(["member", "api_key", "owner"]).openapi({
        description: "`owner`: what keys and schedules may draw from the Owner’s credits.",
      }),
      limit: money,
      used: money.openapi({ description: "This month (UTC), with what open holds set aside." }),
      refuses: z.boolean().openapi({ description: "Whether it refuses more, or is only told of." }),
    })
    .openapi("Limit"),
)

export function limitsJson(limits: LimitState[]): z.output<typeof limitsAnswer> {
  return limits.map(({ kind, amountNanos, spentNanos, heldNanos, isHard }) => ({
    of: kind,
    limit: toDecimalString(amountNanos),
    used: toDecimalString(spentNanos + heldNanos),
    refuses: isHard,
  }))
}

export const balanceAnswer = z
  .strictObject({
    pool: z.strictObject({ id: z.string(), name: z.string() }),
    balance: money,
    available: money,
    included_left: money,
    held: money,
    allowances: z.array(
      z.strictObject({ consumable: z.enum(CONSUMABLE_CODES), left: quantity, granted: quantity }),
    ),
    renews_at: instant,
    low: z.boolean(),
    auto_top_up: z.strictObject({ enabled: z.boolean() }),
    reserve: money.openapi({ description: "What keys and schedules leave in the Owner’s pool." }),
    limits: limitsAnswer.openapi({ description: "The monthly limits that count this key or member." }),
  })
  .openapi("Balance")

export function balanceJson(
  balance: Balance,
  { reserveNanos, limits }: { reserveNanos: bigint; limits: LimitState[] },
): z.output<typeof balanceAnswer> {
  return {
    pool: { id: toPublicId("pool", balance.poolId), name: balance.name },
    balance: toDecimalString(balance.balanceNanos),
    available: toDecimalString(balance.availableNanos),
    included_left: toDecimalString(balance.includedLeftNanos),
    held: toDecimalString(balance.heldNanos),
    allowances: balance.allowances.map(({ consumable, left, granted }) => ({
      consumable,
      left: formatQuantity(left, consumable),
      granted: formatQuantity(granted, consumable),
    })),
    renews_at: balance.renewsAt.toISOString(),
    low: balance.isLow,
    auto_top_up: { enabled: balance.hasAutoTopUp },
    reserve: toDecimalString(reserveNanos),
    limits: limitsJson(limits),
  }
}

export const poolsAnswer = z.array(
  z.strictObject({ id: z.string(), name: z.string(), available: money, renews_at: instant.nullable() }),
)
export const billedPrincipalAnswer = z
  .strictObject({
    type: z.enum(["user", "team_owner", "team"]),
    id: z.string().openapi({ description: "member_… of the person, or team_… of the team." }),
  })
  .openapi("BilledPrincipal")

export const preflightAnswer = z
  .strictObject({
    cost: money,
    enough: z.boolean(),
    billed_principal: billedPrincipalAnswer,
    reason: z.string().nullable().openapi({ description: "Why it isn’t enough, as in the error document." }),
    pools: poolsAnswer,
    limits: limitsAnswer.openapi({ description: "The monthly limits that would count it." }),
  })
  .openapi("Preflight")

export const holdAnswer = z
  .strictObject({
    id: z.string(),
    status: z.enum(["open", "captured", "released", "expired"]),
    pool: z.strictObject({ id: z.string() }),
    consumable: z.enum(CONSUMABLE_CODES),
    quantity,
    amount: money.openapi({ description: "The amount set aside." }),
    held: money.openapi({ description: "The part that still is." }),
    expires_at: instant,
    captured_quantity: quantity.nullable(),
    shortfall: money.nullable().openapi({
      description: "The run’s cost beyond what the pool held, which was not charged.",
    }),
  })
  .openapi("Hold")

export function holdJson(hold: Hold): z.output<typeof holdAnswer> {
  const { consumable, capturedQuantity, shortfallNanos } = hold
  return {
    id: toPublicId("hold", hold.id),
    status: hold.status,
    pool: { id: toPublicId("pool", hold.poolId) },
    consumable,
    quantity: formatQuantity(hold.quantity, consumable),
    amount: toDecimalString(hold.amountNanos),
    held: toDecimalString(hold.status === "open" ? hold.leftNanos : 0n),
    expires_at: hold.expiresAt.toISOString(),
    captured_quantity: capturedQuantity === null ? null : formatQuantity(capturedQuantity, consumable),
    shortfall: shortfallNanos === null ? null : toDecimalString(shortfallNanos),
  }
}

export const taskAnswer = z
  .strictObject({
    id: z.string(),
    state: z.enum(AgentTaskState),
    title: z.string(),
    trigger: z.enum(TRIGGERS),
    user: z.string().nullable().openapi({ description: "The member who started it." }),
    pool: z.strictObject({ id: z.string() }),
    hold: z.string().nullable().openapi({ description: "The hold for its expected cost." }),
    error: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: "The error document of a task that failed for want of credits." }),
    created_at: instant,
    started_at: instant.nullable(),
    finished_at: instant.nullable(),
  })
  .openapi("AgentTask")

export function taskJson(task: AgentTask): z.output<typeof taskAnswer> {
  return {
    id: toPublicId("run", task.id),
    state: task.state,
    title: task.title,
    trigger: task.trigger,
    user: task.memberId && toPublicId("member", task.memberId),
    pool: { id: toPublicId("pool", task.poolId) },
    hold: task.holdId && toPublicId("hold", task.holdId),
    error: task.error,
    created_at: task.createdAt.toISOString(),
    started_at: task.startedAt?.toISOString() ?? null,
    finished_at: task.finishedAt?.toISOString() ?? null,
  }
}
