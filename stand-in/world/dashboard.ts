import { z } from "zod"
import { filterSchema, matchesFilter } from "./subject"

/** Switches of an account in Stripe's Dashboard that the shop's code didn't ask for. */
export const dashboardSchema = z.strictObject({
  ...filterSchema.shape,
  /** Sessions that don't say otherwise let their buyers pay in another currency. */
  adaptive_pricing: z.boolean().optional(),
  /** Cents that a checkout adds as tax, and those that its buyer's promotion code takes off. */
  checkout_tax: z.number().int().nonnegative().optional(),
  checkout_discount: z.number().int().nonnegative().optional(),
  /** The fate of a subscription after the last try to charge its renewal. By default it is canceled. */
  after_last_try: z.enum(["cancel", "mark_unpaid", "leave_past_due"]).optional(),
})

type Switches = z.infer<typeof dashboardSchema>

/** Filters keep parallel tests apart. At Stripe a switch is the whole account's. */
export class Dashboard {
  private switches: Switches[] = []

  set(switches: Switches): void {
    this.switches.push(switches)
  }

  clear(): void {
    this.switches = []
  }

  /** Returns what applies to an object. The latest setting counts. */
  of(subject: object): Omit<Switches, "customer" | "metadata"> {
    const meant = this.switches.filter((each) => matchesFilter(each, subject))
    const { customer: _customer, metadata: _metadata, ...applied } = Object.assign({}, ...meant) as Switches
    return applied
  }
}
