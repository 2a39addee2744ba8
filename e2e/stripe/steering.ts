import type Stripe from "stripe"
import { z } from "zod"
import { filterSchema, matchesFilter } from "./subject"

/** What tests decide about the next payments, instead of the card. */
export const steerSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("decline"), code: z.string() }),
    z.strictObject({ kind: z.literal("authenticate") }),
    z.strictObject({ kind: z.literal("processing") }),
    z.strictObject({
      kind: z.literal("capture_as"),
      amount: z.number().int().optional(),
      currency: z.string().optional(),
    }),
  ])
  .and(z.object({ ...filterSchema.shape, times: z.number().int().positive().default(1) }))

export type Steer = z.infer<typeof steerSchema>

export class Steering {
  private steers: Steer[] = []

  add(steer: Steer): void {
    this.steers.push(steer)
  }

  clear(): void {
    this.steers = []
  }

  /** Uses up one turn of the first steer of this kind that speaks about this payment. */
  take<K extends Steer["kind"]>(kind: K, intent: Stripe.PaymentIntent): Extract<Steer, { kind: K }> | null {
    const steer = this.steers.find(
      (each): each is Extract<Steer, { kind: K }> => each.kind === kind && matchesFilter(each, intent),
    )
    if (!steer) return null
    steer.times -= 1
    if (steer.times === 0) this.steers = this.steers.filter((each) => each !== steer)
    return steer
  }
}
