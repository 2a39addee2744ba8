import { cache } from "react"
import { listPaymentMethods } from "@/lib/payment-methods/queries"
import { pageCtx } from "@/lib/web/page-ctx"

/** Read from our copy, because the page never waits for Stripe; once a request, because two cards show them. */
export const teamPaymentMethods = cache((teamId: string) => {
  const { db, now } = pageCtx()
  return listPaymentMethods(db, teamId, now)
})
