import { cache } from "react"
import { listPaymentMethods } from "@/lib/payment-methods/queries"
import { pageCtx } from "@/lib/web/page-ctx"

/** From our copy, because the page never waits for Stripe. Two cards show them, and they are read once a request. */
export const teamPaymentMethods = cache((teamId: string) => {
  const { db, now } = pageCtx()
  return listPaymentMethods(db, teamId, now)
})
