import type Stripe from "stripe"
import type { z } from "zod"
import type { LoggedCall } from "../api/request-log"
import type { Violation } from "../contract/check"
import type { chanceSchema } from "../faults/chance"
import type { faultSchema } from "../faults/faults"
import type { webhookRuleSchema } from "../faults/webhook-rules"
import type { AttemptOutcome } from "../payments/payments"
import type { dashboardSchema } from "../world/dashboard"
import type { steerSchema } from "../world/steering"
import type { Filter } from "../world/subject"
import type { Delivery, Endpoint, WireEvent } from "../world/tables"
import { controlCall } from "./call"
import { cardControls } from "./card-client"
import type { Backlog } from "./chance-routes"
import { moneyBackControls } from "./money-back-client"
import type { craftSchema, endpointSchema, paySchema, releaseSchema, settleSchema } from "./schemas"
import { subscriptionControls } from "./subscription-client"

export interface CapturedPayment {
  id: string
  charge: string
  customer: string | null
  amount_received: number
  currency: string
  refunded: number
  disputed: number
  metadata: Record<string, string>
}

type Counted<T> = { count: number; data: T[] }
/** Typed control routes. They work against any running stand-in, in this process or another. */
export function controlClient(baseUrl: string) {
  const call = controlCall(baseUrl)
  const ok = (method: string, path: string, body?: unknown) => call<{ ok: true }>(method, path, body)
  return {
    fault: (rule: z.input<typeof faultSchema>) => ok("POST", "/faults", rule),
    clearFaults: () => ok("DELETE", "/faults"),
    nextPayment: (steer: z.input<typeof steerSchema>) => ok("POST", "/payments/next", steer),
    dashboard: (switches: z.input<typeof dashboardSchema>) => ok("POST", "/dashboard", switches),
    webhookRule: (rule: z.input<typeof webhookRuleSchema>) => ok("POST", "/webhooks/rules", rule),
    clearWebhookRules: () => ok("DELETE", "/webhooks/rules"),
    release: (input: z.input<typeof releaseSchema> = {}) =>
      call<{ released: number }>("POST", "/webhooks/release", input),
    craft: (event: z.input<typeof craftSchema>) =>
      call<{ event: WireEvent; statuses: number[] }>("POST", "/webhooks/craft", event),
    deliver: (event: string, times = 1) =>
      call<{ statuses: number[] }>("POST", `/events/${event}/deliver`, { times }),
    chance: (rules: z.input<typeof chanceSchema>) => ok("POST", "/chance", rules),
    endChance: () => call<{ faults: Record<string, number> }>("DELETE", "/chance"),
    backlog: () => call<Backlog>("GET", "/backlog"),
    reset: () => ok("POST", "/reset"),
    pay: (session: string, input: z.input<typeof paySchema> = {}) =>
      call<{ outcome: AttemptOutcome; session: Stripe.Checkout.Session }>(
        "POST",
        `/checkout/${session}/pay`,
        input,
      ),
    expire: (session: string) => call<Stripe.Checkout.Session>("POST", `/checkout/${session}/expire`),
    authenticate: (intent: string, outcome: "complete" | "fail") =>
      call<{ outcome: AttemptOutcome }>("POST", `/payment_intents/${intent}/authenticate`, { outcome }),
    settle: (id: string, input: z.input<typeof settleSchema>) => {
      const noun = id.startsWith("cs_") ? "checkout" : "payment_intents"
      return call<Stripe.PaymentIntent>("POST", `/${noun}/${id}/settle`, input)
    },
    ...cardControls(call),
    ...moneyBackControls(call),
    ...subscriptionControls(call),
    clock: () => call<{ now: number; now_ms: number }>("GET", "/clock"),
    advance: (ms: number) => call<{ now: number; now_ms: number }>("POST", "/clock/advance", { ms }),
    requests: (query: { customer?: string; path?: string; method?: string; key?: string } = {}) =>
      call<Counted<LoggedCall>>("GET", "/requests", undefined, query),
    payments: (query: { customer?: string } = {}) =>
      call<Counted<CapturedPayment>>("GET", "/payments", undefined, query),
    events: (query: { customer?: string; type?: string } = {}) =>
      call<Counted<WireEvent>>("GET", "/events", undefined, query),
    deliveries: (query: Pick<Filter, "customer"> & { event?: string } = {}) =>
      call<Counted<Delivery>>("GET", "/deliveries", undefined, query),
    addEndpoint: (endpoint: z.input<typeof endpointSchema>) => call<Endpoint>("POST", "/endpoints", endpoint),
    replaceEndpoints: (endpoints: z.input<typeof endpointSchema>[]) =>
      call<{ data: Endpoint[] }>("PUT", "/endpoints", endpoints),
    removeEndpoint: (id: string) => ok("DELETE", `/endpoints/${id}`),
    contract: () => call<{ enabled: boolean; checked: number; violations: Violation[] }>("GET", "/contract"),
  }
}

export type ControlClient = ReturnType<typeof controlClient>
