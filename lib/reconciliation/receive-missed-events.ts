import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import { queryIn } from "@/lib/db/query"
import { enqueueJob, stripeEventsKey } from "@/lib/queue/enqueue"
import { type EventPage, listHandledTypes, listUndeliveredEvents } from "@/lib/stripe/list-events"
import { requireAnswer } from "@/lib/stripe/outcome"
import { receiveEvent } from "@/lib/stripe/receive-event"
import type { VerifiedEvent } from "@/lib/stripe/verify-event"
import type { RunCtx } from "./tally"

/** How long Stripe keeps its events. */
const EVENTS_KEPT_MS = 30 * DAY_MS
/** An event that has failed this often is poisoned. It stays visible, and is tried again when a person asks for it. */
const MAX_ATTEMPTS = 50
/** A received event that has waited this long has lost its job. */
const FORGOTTEN_AFTER_MS = 10 * MINUTE_MS
const EVENTS_AT_ONCE = 500

/** Puts events that Stripe couldn't deliver into the inbox, as if they had just arrived. Returns their number. */
export async function receiveMissedEvents(ctx: RunCtx, expectLivemode: boolean): Promise<number> {
  let received = 0
  const since = new Date(Math.max(ctx.run.since?.getTime() ?? 0, ctx.now.getTime() - EVENTS_KEPT_MS))
  for (const types of listHandledTypes()) {
    for (let after: string | null = null; ; ) {
      const page: EventPage = requireAnswer(
        await listUndeliveredEvents({ types, since, after, now: ctx.now }),
      )
      for (const event of await withoutKnown(ctx, page.events))
        if ((await receiveEvent({ query: queryIn(ctx.db), expectLivemode }, event)) === "kept") received += 1
      await ctx.tally.file()
      after = page.next
      if (after === null) break
    }
  }
  return received
}

// An undelivered event may only have missed another endpoint of the account. Known events needn't be received again.
async function withoutKnown({ db }: RunCtx, events: VerifiedEvent[]): Promise<VerifiedEvent[]> {
  const known = await db.stripeEvent.findMany({
    where: { id: { in: events.map(({ id }) => id) } },
    select: { id: true },
  })
  const ids = new Set(known.map(({ id }) => id))
  return events.filter(({ id }) => !ids.has(id))
}

/**
 * Processes the inbox's events again that failed or lost their job. Skips those that have failed very often, unless
 * `all` are requested. Returns their number.
 */
export async function retryFailedEvents(ctx: RunCtx, { all }: { all: boolean }): Promise<number> {
  let retried = 0
  const forgotten = new Date(ctx.now.getTime() - FORGOTTEN_AFTER_MS)
  for (let after = ""; ; ) {
    const page: { id: string; subject_id: string }[] = await ctx.db.$queryRaw`
      SELECT id, subject_id FROM stripe_events
      WHERE (status = 'failed' AND (${all} OR attempts < ${MAX_ATTEMPTS})
          OR status = 'received' AND received_at < ${forgotten}) AND id > ${after}
        AND (${ctx.run.teamId}::uuid IS NULL OR customer_id IN (
          SELECT c.id FROM stripe_customers c WHERE c.team_id = ${ctx.run.teamId}::uuid))
      ORDER BY id LIMIT ${EVENTS_AT_ONCE}`
    if (page.length === 0) return retried
    await ctx.db.$transaction(async (tx) => {
      for (const subjectId of new Set(page.map((event) => event.subject_id)))
        await enqueueJob(tx, "process-stripe-events", { subjectId }, { key: stripeEventsKey(subjectId) })
    })
    retried += page.length
    after = page.at(-1)?.id ?? ""
  }
}
