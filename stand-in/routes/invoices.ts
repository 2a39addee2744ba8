import type Stripe from "stripe"
import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { collectInvoice, defaultMethodOf } from "../billing/collect"
import { payOutOfBand } from "../billing/hand-invoices"
import { markUncollectible } from "../billing/mark-uncollectible"
import { subscriptionOf } from "../billing/outcomes"
import { voidInvoice } from "../billing/void-invoice"
import { invalidRequest } from "../notation/errors"
import { bool, created, expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"
import { requireInvoice, requireInvoiceParam } from "../objects/invoice"
import { intentOfInvoice } from "../objects/invoice-payment"
import { resolvePaymentMethod } from "../objects/payment-method"
import { cardError } from "../payments/declines"
import type { WireInvoice } from "../world/billing-tables"
import type { World } from "../world/world"

const one = "/v1/invoices/:id"
const status = z.enum(["draft", "open", "paid", "uncollectible", "void"])

interface HowToPay {
  payment_method?: string
  off_session?: boolean
  paid_out_of_band?: boolean
}

function pay(world: World, invoice: WireInvoice, how: HowToPay): WireInvoice {
  const { payment_method: given, off_session: offSession = true } = how
  if (invoice.status === "paid") throw invalidRequest("Invoice is already paid")
  if (invoice.status !== "open" && invoice.status !== "uncollectible") {
    throw invalidRequest(`This invoice can't be paid: its status is ${invoice.status}.`)
  }
  if (how.paid_out_of_band) return payOutOfBand(world, invoice)
  const own = invoice.default_payment_method ?? subscriptionOf(world, invoice)?.default_payment_method
  const method = given
    ? resolvePaymentMethod(world, given)
    : defaultMethodOf(world, String(invoice.customer), own ? String(own) : null)
  const outcome = collectInvoice(world, invoice, { method, offSession, automatic: false })
  if (outcome.kind === "no_method") {
    throw invalidRequest("There is no `default_payment_method` set on this Customer or Invoice.", {
      code: "resource_missing",
    })
  }
  const intent = intentOfInvoice(world, invoice.id)
  if (outcome.kind === "declined" && intent) throw cardError(intent, outcome.decline)
  if (outcome.kind === "requires_action") {
    throw invalidRequest("This payment requires additional user action before it can be completed.", {
      code: "invoice_payment_intent_requires_action",
    })
  }
  return invoice
}

const paymentListParams = z.strictObject({
  ...paging,
  invoice: text.optional(),
  payment: z.strictObject({ type: z.literal("payment_intent"), payment_intent: text }).optional(),
  status: z.enum(["open", "paid", "canceled"]).optional(),
})

function invoicePayments(
  world: World,
  { invoice, payment }: z.infer<typeof paymentListParams>,
): Stripe.InvoicePayment[] {
  if (payment) return world.store.where("invoice_payment", "payment_intent", payment.payment_intent)
  if (invoice) return world.store.where("invoice_payment", "invoice", requireInvoiceParam(world, invoice).id)
  throw invalidRequest("The Stripe stand-in lists invoice payments by `invoice` or by `payment` only.")
}

export const invoiceRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/invoices",
    request: "InvoiceListParams",
    answer: ["Invoice"],
    params: z.strictObject({
      ...paging,
      created,
      customer: text.optional(),
      status: status.optional(),
      subscription: text.optional(),
    }),
    run: ({ world, params: { customer, subscription, ...rest } }) => {
      const { store } = world
      requireKnownCustomer(world, customer)
      const url = "/v1/invoices"
      const matches = (row: WireInvoice) => !rest.status || row.status === rest.status
      if (!customer && !subscription) return paginateTable(store.table("invoice"), rest, url, matches)
      const known = subscription
        ? store.where("invoice", "subscription", subscription)
        : store.where("invoice", "customer", customer ?? "")
      const within = createdWithin(rest.created)
      const rows = known.filter(
        (row) => matches(row) && within(row) && (!customer || row.customer === customer),
      )
      return paginate(rows.reverse(), rest, url)
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "Invoice",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireInvoice(world, ids.id ?? ""),
  }),
  route({
    method: "GET",
    path: `${one}/lines`,
    request: "InvoiceListLineItemsParams",
    answer: ["InvoiceLineItem"],
    params: z.strictObject(paging),
    run: ({ world, ids, params }) => {
      const { lines } = requireInvoice(world, ids.id ?? "")
      return paginate(lines.data, params, lines.url)
    },
  }),
  route({
    method: "POST",
    path: `${one}/pay`,
    request: "InvoicePayParams",
    answer: "Invoice",
    params: z.strictObject({
      expand,
      off_session: bool.optional(),
      paid_out_of_band: bool.optional(),
      payment_method: text.optional(),
    }),
    run: ({ world, ids, params }) => pay(world, requireInvoice(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/void`,
    request: "InvoiceVoidInvoiceParams",
    answer: "Invoice",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const invoice = requireInvoice(world, ids.id ?? "")
      if (invoice.status !== "open" && invoice.status !== "uncollectible") {
        throw invalidRequest(
          `You can only void open or uncollectible invoices. This invoice is ${invoice.status}.`,
        )
      }
      voidInvoice(world, invoice)
      return invoice
    },
  }),
  route({
    method: "POST",
    path: `${one}/mark_uncollectible`,
    request: "InvoiceMarkUncollectibleParams",
    answer: "Invoice",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const invoice = requireInvoice(world, ids.id ?? "")
      if (invoice.status !== "open") {
        throw invalidRequest(
          `You can only mark open invoices as uncollectible. This invoice is ${invoice.status}.`,
        )
      }
      markUncollectible(world, invoice)
      return invoice
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoice_payments",
    request: "InvoicePaymentListParams",
    answer: ["InvoicePayment"],
    params: paymentListParams,
    run: ({ world, params }) => {
      const rows = invoicePayments(world, params)
      const wanted = rows.filter((row) => !params.status || row.status === params.status)
      return paginate(wanted.reverse(), params, "/v1/invoice_payments")
    },
  }),
]
