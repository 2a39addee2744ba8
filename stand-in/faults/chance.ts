import { z } from "zod"
import type { WireEvent } from "../world/tables"
import type { World } from "../world/world"
import { Dice } from "./dice"
import type { Fault, SeenCall } from "./faults"
import type { DeliveryPlan } from "./webhook-rules"

/** Faults and deliveries by chance, for repeatable runs in which everything may go wrong. */
export const chanceSchema = z.strictObject({
  seed: z.string().min(1),
  /** The share of API calls that go wrong, and how long one hangs. */
  calls: z.strictObject({ share: z.number().min(0).max(1), hang_ms: z.number().int().positive() }).optional(),
  webhooks: z
    .strictObject({
      /** Each is sent once, or up to this many times, each time within this long of its event. */
      up_to_times: z.number().int().min(1).max(100),
      within_ms: z.number().int().nonnegative(),
      /** The share that is never sent, and the share of payments of which none is. */
      lost: z.number().min(0).max(1),
    })
    .optional(),
})

const FAULTS: readonly [Fault, ...Fault[]] = [
  { kind: "status", status: 500, effect: false },
  { kind: "status", status: 500, effect: true },
  { kind: "status", status: 429, effect: false, code: "rate_limit" },
  { kind: "reset" },
  { kind: "answer_lost" },
  { kind: "hang", ms: 1 },
  { kind: "bad_json" },
]

type Named = Record<string, unknown> & { metadata?: Record<string, unknown> | null }

/**
 * Ids differ from run to run. Objects are told apart by their amount instead, and customers by the team in their
 * metadata: a run whose payments differ in amount meets the same chance again.
 */
function labelOf(object: Named | undefined): string {
  const label =
    object?.amount_total ?? object?.amount ?? object?.amount_paid ?? object?.metadata?.team_id ?? object?.name
  return String(label ?? "")
}

export class Chance {
  private readonly dice: Dice
  private readonly seen = new Map<string, number>()
  readonly faults = new Map<string, number>()

  constructor(
    private readonly world: World,
    private readonly rules: z.infer<typeof chanceSchema>,
  ) {
    this.dice = new Dice(rules.seed)
  }

  /** Returns the fault of this call, if chance has one for it. */
  faultOf(call: SeenCall): Fault | null {
    const { calls } = this.rules
    if (!calls) return null
    const about = `${call.method} ${call.path.replace(/\/[a-z]{2,5}_[^/]+/g, "/*")} ${this.labelOfCall(call)}`
    const nth = this.count(about)
    if (this.dice.roll("call", about, nth) >= calls.share) return null
    const fault = this.dice.pick(FAULTS, "fault", about, nth)
    this.faults.set(fault.kind, (this.faults.get(fault.kind) ?? 0) + 1)
    return fault.kind === "hang" ? { ...fault, ms: calls.hang_ms } : fault
  }

  /** Plans when an event is sent for the first time, and when again. */
  planFor(event: WireEvent, plan: DeliveryPlan): void {
    const { webhooks } = this.rules
    if (!webhooks) return
    const label = labelOf(event.data.object as Named)
    const about = `${event.type} ${label}`
    const nth = this.count(about)
    const isLost =
      this.dice.roll("lost", about, nth) < webhooks.lost || this.dice.roll("all lost", label) < webhooks.lost
    if (isLost) {
      plan.drop = true
      return
    }
    const times = this.dice.whole(1, webhooks.up_to_times, "times", about, nth)
    const at = Array.from({ length: times }, (_, copy) =>
      this.dice.whole(0, webhooks.within_ms, "at", about, nth, copy),
    ).sort((a, b) => a - b)
    plan.delayMs += at[0] ?? 0
    plan.againAfterMs.push(...at.slice(1))
  }

  private labelOfCall({ path, params }: SeenCall): string {
    if (params.line_items) return JSON.stringify(params.line_items)
    const { store } = this.world
    for (const id of [path.split("/")[3], path.split("/")[4], params.payment_intent, params.charge]) {
      if (typeof id !== "string") continue
      const object =
        store.get("checkout_session", id) ??
        store.get("payment_intent", id) ??
        store.get("charge", id) ??
        store.get("customer", id) ??
        store.get("refund", id)
      if (object) return labelOf(object as unknown as Named)
    }
    return labelOf(params as Named)
  }

  private count(about: string): number {
    const nth = this.seen.get(about) ?? 0
    this.seen.set(about, nth + 1)
    return nth
  }
}
