import { z } from "zod"
import { createdWithin, paginate, paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { collectFromDefault } from "../billing/collect"
import { createSubscription } from "../billing/create-subscription"
import { endSubscription } from "../billing/end-subscription"
import { changeSubscription } from "../billing/lifecycle"
import { pauseSubscription, resumptionInvoice } from "../billing/pause"
import { releaseSchedule, requireSchedule } from "../billing/schedules"
import { cancellationDetails, createParams, updateParams } from "../billing/subscription-params"
import { updateSubscription } from "../billing/update-subscription"
import { invalidRequest, resourceMissing } from "../notation/errors"
import { bool, created, expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"
import { hasEnded, itemOf, requireSubscription } from "../objects/subscription"
import type { WireSubscription } from "../world/billing-tables"

const one = "/v1/subscriptions/:id"

const listParams = z.strictObject({
  ...paging,
  created,
  customer: text.optional(),
  price: text.optional(),
  status: z
    .enum([
      "active",
      "all",
      "canceled",
      "ended",
      "incomplete",
      "incomplete_expired",
      "past_due",
      "paused",
      "trialing",
      "unpaid",
    ])
    .optional(),
})

/** Without a status, canceled ones aren't listed. */
function matches(row: WireSubscription, { status, price }: z.infer<typeof listParams>): boolean {
  if (price && itemOf(row).price.id !== price) return false
  if (status === "all") return true
  if (status === undefined) return row.status !== "canceled"
  return status === "ended" ? hasEnded(row) : row.status === status
}

export const subscriptionRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/subscriptions",
    request: "SubscriptionCreateParams",
    answer: "Subscription",
    params: createParams,
    run: ({ world, params }) => createSubscription(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/subscriptions",
    request: "SubscriptionListParams",
    answer: ["Subscription"],
    params: listParams,
    run: ({ world, params }) => {
      const { store } = world
      requireKnownCustomer(world, params.customer)
      const url = "/v1/subscriptions"
      const wanted = (row: WireSubscription) => matches(row, params)
      if (!params.customer) return paginateTable(store.table("subscription"), params, url, wanted)
      const rows = store.where("subscription", "customer", params.customer)
      return paginate(rows.filter(createdWithin(params.created)).filter(wanted).reverse(), params, url)
    },
  }),
  route({
    method: "GET",
    path: one,
    answer: "Subscription",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireSubscription(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: one,
    request: "SubscriptionUpdateParams",
    answer: "Subscription",
    params: updateParams,
    run: ({ world, ids, params }) =>
      updateSubscription(world, requireSubscription(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: `${one}/pause`,
    request: "SubscriptionPauseParams",
    answer: "Subscription",
    // The stand-in doesn't support credits for the rest of the period.
    params: z.strictObject({
      bill_for: z.strictObject({ unused_time_from: z.strictObject({ type: z.literal("none") }) }),
      expand,
      type: z.literal("subscription").optional(),
    }),
    run: ({ world, ids }) => {
      const subscription = requireSubscription(world, ids.id ?? "")
      pauseSubscription(world, subscription)
      return subscription
    },
  }),
  route({
    method: "POST",
    path: `${one}/resume`,
    request: "SubscriptionResumeParams",
    answer: "Subscription",
    params: z.strictObject({
      billing_cycle_anchor: z.strictObject({ type: z.literal("now") }).optional(),
      expand,
      payment_behavior: z.literal("resume_on_payment_attempt").optional(),
    }),
    run: ({ world, ids }) => {
      const subscription = requireSubscription(world, ids.id ?? "")
      const invoice = resumptionInvoice(world, subscription)
      changeSubscription(world, subscription, { status: "active" })
      collectFromDefault(world, invoice, subscription)
      return subscription
    },
  }),
  route({
    method: "DELETE",
    path: one,
    request: "SubscriptionCancelParams",
    answer: "Subscription",
    // The stand-in doesn't support what these two would do: credit the rest and invoice it.
    params: z.strictObject({
      cancellation_details: cancellationDetails.optional(),
      expand,
      invoice_now: z.literal("false").optional(),
      prorate: z.literal("false").optional(),
    }),
    run: ({ world, ids, params }) => {
      const subscription = requireSubscription(world, ids.id ?? "")
      if (hasEnded(subscription)) throw resourceMissing("subscription", subscription.id)
      endSubscription(world, subscription, "cancellation_requested", params.cancellation_details)
      return subscription
    },
  }),
  route({
    method: "GET",
    path: "/v1/subscription_schedules/:id",
    answer: "SubscriptionSchedule",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireSchedule(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: "/v1/subscription_schedules/:id/release",
    request: "SubscriptionScheduleReleaseParams",
    answer: "SubscriptionSchedule",
    params: z.strictObject({ expand, preserve_cancel_date: bool.optional() }),
    run: ({ world, ids }) => {
      const schedule = requireSchedule(world, ids.id ?? "")
      const subscription = world.store.get("subscription", String(schedule.subscription))
      if (!subscription) {
        throw invalidRequest(
          `You cannot release a subscription schedule that is currently in the \`${schedule.status}\` status.`,
        )
      }
      releaseSchedule(world, subscription)
      return schedule
    },
  }),
]
