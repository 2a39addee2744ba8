/** The settings with which a page loads Stripe.js. */
export type StripeConfig = {
  publishableKey: string
  /** Set when Stripe.js comes from the stand-in. */
  stripeJsUrl?: string | null
}
