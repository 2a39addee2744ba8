import { stripe } from "./client"
import { asReadOutcome, type Missing, type Unanswered } from "./outcome"
import { type DisputeRead, toDisputeRead } from "./read-dispute"
import { type RefundRead, toRefundRead } from "./read-refunds"

/** The request: everything since a time, or what belongs to one payment. */
export type MoneyBackAsked = { since: Date | null; after: string | null; paymentIntentId?: string }

/** Newest first. `next` asks for the following page; null: this was the last. */
export type MoneyBackPage<Read> = { kind: "page"; reads: Read[]; next: string | null }

export async function listRefunds(
  asked: MoneyBackAsked,
): Promise<MoneyBackPage<RefundRead> | Missing | Unanswered> {
  return asReadOutcome("list refunds", async () => {
    const { data, has_more } = await stripe().refunds.list(paramsOf(asked))
    return { kind: "page", reads: data.map(toRefundRead), next: has_more ? (data.at(-1)?.id ?? null) : null }
  })
}

export async function listDisputes(
  asked: MoneyBackAsked,
): Promise<MoneyBackPage<DisputeRead> | Missing | Unanswered> {
  return asReadOutcome("list disputes", async () => {
    const { data, has_more } = await stripe().disputes.list(paramsOf(asked))
    return { kind: "page", reads: data.map(toDisputeRead), next: has_more ? (data.at(-1)?.id ?? null) : null }
  })
}

function paramsOf({ since, after, paymentIntentId }: MoneyBackAsked) {
  return {
    limit: 100,
    expand: ["data.charge"],
    ...(since && { created: { gte: Math.floor(since.getTime() / 1000) } }),
    ...(after && { starting_after: after }),
    ...(paymentIntentId && { payment_intent: paymentIntentId }),
  }
}
