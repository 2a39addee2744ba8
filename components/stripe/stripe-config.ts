/** What a page needs to load Stripe.js. */
export type StripeConfig = {
  publishableKey: string
  /** Set when Stripe.js comes from the stand-in. */
  stripeJsUrl?: string | null
}
