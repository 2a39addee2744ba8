import { DAY_MS, SECOND_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { ReconciliationTrigger } from "@/lib/db/generated/enums"
import { UnavailableError } from "@/lib/errors"
import { alarm, log } from "@/lib/log"
import { type ListedPayment, listPayments, type PaymentPage } from "@/lib/stripe/list-payments"
import { requireAnswer, type Unanswered } from "@/lib/stripe/outcome"
import { compareMoneyBack, refreshUnsettled } from "./compare-money-back"
import { comparePayments } from "./compare-payments"
import { findUnknownPayments, recheckDifferences, WrongAccountError } from "./find-unknown-payments"
import { receiveMissedEvents, retryFailedEvents } from "./receive-missed-events"
import { settleOpenPurchases } from "./settle-open-purchases"
import { type BegunRun, beginRun, endRun, type Figures, insertRun, keepRun } from "./store"
import { type RunCtx, Tally } from "./tally"

/** How far the first run looks back. */
const FIRST_WINDOW_MS = 90 * DAY_MS
/** A bank debit may take weeks to succeed, and is listed by its creation, so each run looks back behind the last. */
const OVERLAP_MS = 30 * DAY_MS
const BEAT_MS = 10 * SECOND_MS
/** The most pages a second: a sandbox allows 25 calls a second, and others need some of them. */
const PAGE_INTERVAL_MS = SECOND_MS / 20

export type ReconcileCtx = { db: Db; clock: { now(): Date }; expectLivemode: boolean }

export type Reconciliation =
  | { status: "finished"; runId: string; figures: Figures; events: { received: number; retried: number } }
  | { status: "failed"; runId: string; reason: string }
  /** Another run of the same scope is under way, or this one has ended. */
  | { status: "busy" }

/**
 * Compares Stripe with the ledger, for the whole account or for one team. Records what is missing through the
 * webhooks' use cases, and keeps visible what no rule repairs. A second run, or two at once, changes nothing more.
 */
export async function reconcile(
  ctx: ReconcileCtx,
  asked: {
    teamId?: string
    trigger: ReconciliationTrigger
    /** The start of the compared payments: by default the end of the last run, with some overlap. Null: all there are. */
    since?: Date | null
    retryAllEvents?: boolean
  },
): Promise<Reconciliation> {
  const { trigger, retryAllEvents = false, teamId = null } = asked
  const now = ctx.clock.now()
  const since = asked.since === undefined ? await chooseSince(ctx.db, teamId, now) : asked.since
  const runId = await ctx.db.$transaction((tx) => insertRun(tx, { teamId, trigger, since, now }))
  return runId ? performRun(ctx, runId, { retryAllEvents }) : { status: "busy" }
}

/** Chooses the start of a run that wasn't given one. An Owner's own check always looks back as far as a first run. */
export async function chooseSince(db: Db, teamId: string | null, now: Date): Promise<Date> {
  const first = new Date(now.getTime() - FIRST_WINDOW_MS)
  if (teamId) return first
  const last = await db.reconciliationRun.findFirst({
    where: { teamId: null, status: "finished" },
    orderBy: { startedAt: "desc" },
    select: { startedAt: true },
  })
  return last?.startedAt ? new Date(last.startedAt.getTime() - OVERLAP_MS) : first
}

/** Performs a recorded run. One whose process died starts over. */
export async function performRun(
  ctx: ReconcileCtx,
  runId: string,
  { retryAllEvents = false }: { retryAllEvents?: boolean } = {},
): Promise<Reconciliation> {
  const { db, clock } = ctx
  const run = await db.$transaction((tx) => beginRun(tx, runId, clock.now()))
  if (!run) return { status: "busy" }
  const tally = new Tally(db, run, () => clock.now())
  const beat = setInterval(() => void keepAlive(db, run), BEAT_MS)
  beat.unref()
  try {
    const runCtx: RunCtx = {
      db,
      run,
      tally,
      get now() {
        return clock.now()
      },
    }
    const events = await perform(runCtx, { expectLivemode: ctx.expectLivemode, retryAllEvents })
    await db.$transaction((tx) => endRun(tx, run, { status: "finished", failure: null }, clock.now()))
    const figures = await db.reconciliationRun.findUniqueOrThrow({ where: { id: runId } })
    const { counted, matched, repaired, differences } = figures
    log().info({ run: runId, counted, matched, repaired, differences, ...events }, "Compared with Stripe")
    return { status: "finished", runId, figures: { counted, matched, repaired, differences }, events }
  } catch (error) {
    const isKnown = error instanceof UnavailableError || error instanceof WrongAccountError
    const reason = isKnown ? error.message : "Something went wrong on our side."
    await db.$transaction((tx) => endRun(tx, run, { status: "failed", failure: reason }, clock.now()))
    alarm("reconciliation_failed", { reason }, { run: runId })
    if (!isKnown) throw error
    return { status: "failed", runId, reason }
  } finally {
    clearInterval(beat)
  }
}

async function perform(
  ctx: RunCtx,
  { expectLivemode, retryAllEvents }: { expectLivemode: boolean; retryAllEvents: boolean },
): Promise<{ received: number; retried: number }> {
  for await (const payments of eachPage(ctx)) {
    await comparePayments(ctx, payments)
    for (const { hasMoneyBack, paymentIntentId } of payments)
      if (hasMoneyBack) await compareMoneyBack(ctx, paymentIntentId)
  }
  await settleOpenPurchases(ctx)
  // Refunds and disputes can't be listed by customer. Those of one team were read with their payments.
  if (!ctx.run.teamId) await compareMoneyBack(ctx)
  await refreshUnsettled(ctx)
  await findUnknownPayments(ctx)
  await recheckDifferences(ctx)
  // Events can't be listed by customer.
  const received = ctx.run.teamId ? 0 : await receiveMissedEvents(ctx, expectLivemode)
  const retried = await retryFailedEvents(ctx, { all: retryAllEvents })
  return { received, retried }
}

/** Yields the payments in the run's scope, page by page. The next page is fetched while the caller works on one. */
async function* eachPage({ db, run }: RunCtx): AsyncGenerator<ListedPayment[]> {
  const customers = run.teamId
    ? await db.stripeCustomer.findMany({ where: { teamId: run.teamId }, select: { id: true } })
    : [{ id: undefined }]
  for (const { id: customerId } of customers) {
    const read = async (after: string | null): Promise<PaymentPage | Unanswered> => {
      const [page] = await Promise.all([
        listPayments({ customerId, since: run.since, after }),
        new Promise((resolve) => setTimeout(resolve, PAGE_INTERVAL_MS)),
      ])
      return page
    }
    let coming: Promise<PaymentPage | Unanswered> | null = read(null)
    while (coming) {
      const page: PaymentPage = requireAnswer(await coming)
      coming = page.next === null ? null : read(page.next)
      // A caller that stops in the middle leaves it unawaited.
      coming?.catch(() => undefined)
      yield page.payments
    }
  }
}

async function keepAlive(db: Db, run: BegunRun): Promise<void> {
  const nothing = { counted: 0, matched: 0, repaired: 0, differences: 0 }
  // A lost run notices that itself when it files its next page.
  await db.$transaction((tx) => keepRun(tx, run, nothing)).catch(() => undefined)
}
