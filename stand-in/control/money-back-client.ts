import type Stripe from "stripe"
import type { z } from "zod"
import type { DisputeOutcome } from "../money-back/disputes"
import type { ControlCall } from "./call"
import type {
  disputeSchema,
  fraudWarningSchema,
  refundFailureSchema,
  refundSchema,
} from "./money-back-schemas"

export function moneyBackControls(call: ControlCall) {
  const post = <T>(path: string, body?: unknown) => call<T>("POST", path, body)
  return {
    refund: (charge: string, input: z.input<typeof refundSchema> = {}) =>
      post<Stripe.Refund>(`/charges/${charge}/refund`, input),
    succeedRefund: (refund: string) => post<Stripe.Refund>(`/refunds/${refund}/succeed`),
    failRefund: (refund: string, input: z.input<typeof refundFailureSchema> = {}) =>
      post<Stripe.Refund>(`/refunds/${refund}/fail`, input),
    cancelRefund: (refund: string) => post<Stripe.Refund>(`/refunds/${refund}/cancel`),
    dispute: (charge: string, input: z.input<typeof disputeSchema> = {}) =>
      post<Stripe.Dispute>(`/charges/${charge}/dispute`, input),
    escalateDispute: (dispute: string) => post<Stripe.Dispute>(`/disputes/${dispute}/escalate`),
    closeDispute: (dispute: string, outcome: DisputeOutcome) =>
      post<Stripe.Dispute>(`/disputes/${dispute}/close`, { outcome }),
    warnOfFraud: (charge: string, input: z.input<typeof fraudWarningSchema> = {}) =>
      post<Stripe.Radar.EarlyFraudWarning>(`/charges/${charge}/fraud_warning`, input),
  }
}
