import type Stripe from "stripe"
import { z } from "zod"
import { DECLINE_CODES } from "../cards/decline-codes"
import { filterSchema, matchesFilter } from "./subject"

/** A test's decisions about the next payments, in place of the card. */
export const steerSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("decline"), code: z.enum(DECLINE_CODES) }),
    z.strictObject({ kind: z.literal("authenticate") }),
    z.strictObject({ kind: z.literal("processing") }),
    z.strictObject({
      kind: z.literal("capture_as"),
      amount: z.number().int().optional(),
      currency: z.string().optional(),
    }),
  ])
  .and(z.object({ ...filterSchema.shape, times: z.number().int().positive().default(1) }))

/** The same for the next cards to be saved. */
export const setupSteerSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("decline"), code: z.enum(DECLINE_CODES) }),
    z.strictObject({ kind: z.literal("authenticate") }),
  ])
  .and(z.object({ ...filterSchema.shape, times: z.number().int().positive().default(1) }))

export type Steer = z.infer<typeof steerSchema>

type Steered = Stripe.PaymentIntent | Stripe.SetupIntent

export class Steering {
  private steers: Array<{ steer: Steer; of: Steered["object"] }> = []

  add(steer: Steer, of: Steered["object"] = "payment_intent"): void {
    this.steers.push({ steer, of })
  }

  /** Puts one steer before all others, only while this runs. */
  during(steer: Steer, run: () => void): void {
    const first = { steer, of: "payment_intent" as const }
    this.steers.unshift(first)
    try {
      run()
    } finally {
      this.steers = this.steers.filter((each) => each !== first)
    }
  }

  clear(): void {
    this.steers = []
  }

  /** Uses up one turn of the first steer of this kind that applies to this payment or setup. */
  take<K extends Steer["kind"]>(kind: K, intent: Steered): Extract<Steer, { kind: K }> | null {
    const isMeant = (steer: Steer): steer is Extract<Steer, { kind: K }> =>
      steer.kind === kind && matchesFilter(steer, intent)
    for (const { steer, of } of this.steers) {
      if (of !== intent.object || !isMeant(steer)) continue
      steer.times -= 1
      if (steer.times === 0) this.steers = this.steers.filter((each) => each.steer !== steer)
      return steer
    }
    return null
  }
}
