import { z } from "zod"
import { filterSchema, matchesFilter, subjectOf } from "../world/subject"
import type { WireEvent } from "../world/tables"

/** A test's rules for the webhooks of the next matching events. Without `times` a rule stays until it is cleared. */
export const webhookRuleSchema = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("drop") }),
    z.strictObject({ action: z.literal("delay"), ms: z.number().int().nonnegative() }),
    z.strictObject({ action: z.literal("hold") }),
    z.strictObject({ action: z.literal("duplicate"), times_each: z.number().int().min(2).max(1000) }),
    z.strictObject({ action: z.literal("shuffle"), within_ms: z.number().int().positive().default(500) }),
    z.strictObject({ action: z.literal("wrong_signature") }),
  ])
  .and(
    z.object({
      ...filterSchema.shape,
      types: z.array(z.string()).optional(),
      times: z.number().int().positive().optional(),
    }),
  )

export type WebhookRule = z.infer<typeof webhookRuleSchema>

export interface DeliveryPlan {
  drop: boolean
  hold: boolean
  delayMs: number
  copies: number
  badSignature: boolean
  /** Sent again, once for each, this long after the event. */
  againAfterMs: number[]
}

export class WebhookRules {
  chance: { planFor: (event: WireEvent, plan: DeliveryPlan) => void } | null = null
  private rules: WebhookRule[] = []

  add(rule: WebhookRule): void {
    this.rules.push(rule)
  }

  clear(): void {
    this.rules = []
  }

  /** Combines all matching rules: an event can be held and duplicated at once. */
  planFor(event: WireEvent): DeliveryPlan {
    const plan: DeliveryPlan = {
      drop: false,
      hold: false,
      delayMs: 0,
      copies: 1,
      badSignature: false,
      againAfterMs: [],
    }
    for (const rule of this.rules.filter((each) => matches(each, event))) {
      apply(rule, plan)
      if (rule.times !== undefined) rule.times -= 1
    }
    this.rules = this.rules.filter((rule) => rule.times === undefined || rule.times > 0)
    this.chance?.planFor(event, plan)
    return plan
  }
}

function matches(rule: WebhookRule, event: WireEvent): boolean {
  return (rule.types?.includes(event.type) ?? true) && matchesFilter(rule, subjectOf(event))
}

function apply(rule: WebhookRule, plan: DeliveryPlan): void {
  switch (rule.action) {
    case "drop":
      plan.drop = true
      break
    case "hold":
      plan.hold = true
      break
    case "delay":
      plan.delayMs += rule.ms
      break
    case "duplicate":
      plan.copies = rule.times_each
      break
    case "shuffle":
      plan.delayMs += Math.floor(Math.random() * rule.within_ms)
      break
    case "wrong_signature":
      plan.badSignature = true
      break
  }
}
