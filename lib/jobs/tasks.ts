import type { TaskList } from "graphile-worker"
import { mailEmailChanged } from "@/lib/account/mail-email-changed"
import { invoiceTopUp } from "@/lib/auto-top-up/invoice-top-up"
import { sweepTopUps } from "@/lib/auto-top-up/sweep"
import { topUpPool } from "@/lib/auto-top-up/top-up-pool"
import { mailExport } from "@/lib/billing-page/mail-export"
import { prepareExport } from "@/lib/billing-page/prepare-export"
import { clock } from "@/lib/clock"
import { sendCustomerDetails } from "@/lib/customers/send-customer-details"
import type { Db } from "@/lib/db/client"
import { exportConnections } from "@/lib/db/export-connections"
import { env } from "@/lib/env"
import { mailInvitation } from "@/lib/invitations/mail-invitation"
import { mailMembershipChange } from "@/lib/members/mail-membership-change"
import { mailOwnershipOffer } from "@/lib/members/mail-ownership-offer"
import { sweepLeftCredits } from "@/lib/members/move-left-credits"
import { mailBillingNotice } from "@/lib/notifications/mail-billing-notice"
import { mailNotification } from "@/lib/notifications/mail-notification"
import { payWithDefault } from "@/lib/payment-methods/pay-with-default"
import { JOBS, type JobName, type Payload } from "@/lib/queue/jobs"
import { mailStatement } from "@/lib/statements/mail-statement"
import { makeStatements } from "@/lib/statements/make-statements"
import { sweepStatements } from "@/lib/statements/sweep-statements"
import { countUsageParts } from "@/lib/usage/count-parts"
import { deliverWebhooks } from "@/lib/webhooks/deliver"
import { dialer } from "@/lib/webhooks/dial"
import { checkLedger } from "./check-ledger"
import { cleanUp } from "./clean-up"
import { fanOut } from "./fan-out"
import { processStripeEvents } from "./process-stripe-events"
import { reconcileAll, reconcileTeam } from "./reconcile"
import { renewDuePools } from "./renew-due-pools"
import { settleOverduePurchase } from "./settle-overdue-purchase"
import { syncDueSubscriptions } from "./sync-due-subscriptions"
import { tellBalance } from "./tell-balance"

/** `money` holds everything short as well. README.md says why there are five. */
type Queue = "money" | "top-ups" | "mail" | "webhooks" | "documents"

/** `isRepeated`: it was begun before. */
type Ctx = { db: Db; now: Date; isRepeated: boolean }

type Task<Input> = { queue: Queue; run: (ctx: Ctx, payload: Input) => Promise<unknown> }

/** The task of each job of lib/queue/jobs.ts, and the queue in which it waits. */
const TASKS: { [Name in JobName]: Task<Payload<Name>> } = {
  "process-stripe-events": {
    queue: "money",
    run: (ctx, { subjectId }) => processStripeEvents(ctx, subjectId),
  },
  "settle-purchase": { queue: "money", run: settleOverduePurchase },
  "pay-with-default": { queue: "money", run: (ctx, { teamId }) => payWithDefault(ctx, teamId) },
  "send-customer-details": {
    queue: "money",
    run: (ctx, { teamId }) => sendCustomerDetails(ctx, teamId),
  },
  "reconcile-team": { queue: "money", run: (ctx, { runId }) => reconcileTeam(ctx, runId) },
  "tell-balance": { queue: "money", run: tellBalance },
  "fan-out-notification": { queue: "money", run: fanOut },
  "top-up-pool": { queue: "top-ups", run: topUpPool },
  "invoice-top-up": { queue: "top-ups", run: invoiceTopUp },
  "prepare-export": {
    queue: "documents",
    run: (ctx, ref) => prepareExport({ ...ctx, reader: exportConnections() }, ref),
  },
  "mail-export": {
    queue: "mail",
    run: (ctx, ref) => mailExport({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-ownership-offer": {
    queue: "mail",
    run: (ctx, ref) => mailOwnershipOffer({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-membership-change": {
    queue: "mail",
    run: (ctx, ref) => mailMembershipChange({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-invitation": {
    queue: "mail",
    run: (ctx, ref) => mailInvitation({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-notification": {
    queue: "mail",
    run: (ctx, ref) => mailNotification({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-billing-notice": {
    queue: "mail",
    run: (ctx, ref) => mailBillingNotice({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "mail-email-changed": { queue: "mail", run: mailEmailChanged },
  "mail-statement": {
    queue: "mail",
    run: (ctx, ref) => mailStatement({ ...ctx, appUrl: env().APP_URL }, ref),
  },
  "make-statements": {
    queue: "documents",
    run: (ctx, ref) => makeStatements({ ...ctx, provider: providerLines() }, ref),
  },
  "deliver-webhooks": {
    queue: "webhooks",
    run: ({ db }, ref) => deliverWebhooks({ db, now: () => clock.now(), dialer: dialer() }, ref),
  },
}

/** Returns the address of whoever provides the credits, as statements say it. */
function providerLines(): string[] {
  const { PROVIDER_DETAILS, SUPPORT_EMAIL } = env()
  return [...PROVIDER_DETAILS, ...(SUPPORT_EMAIL ? [SUPPORT_EMAIL] : [])]
}

type Scheduled = Task<unknown> & { cron: string; maxAttempts: number }

/** The jobs that the clock causes. */
const SCHEDULED: Record<string, Scheduled> = {
  "clean-up": { queue: "money", cron: "17 4 * * *", maxAttempts: 25, run: cleanUp },
  "check-ledger": { queue: "money", cron: "37 3 * * *", maxAttempts: 3, run: checkLedger },
  reconcile: { queue: "money", cron: "23 * * * *", maxAttempts: 8, run: reconcileAll },
  "renew-due-pools": {
    queue: "money",
    cron: "* * * * *",
    maxAttempts: 3,
    async run(ctx) {
      // First, so that a change at the end of a period is known when the next begins.
      await syncDueSubscriptions(ctx)
      await renewDuePools(ctx)
    },
  },
  // Readers count what isn't counted yet, so it needn't be in front of anybody's money.
  "count-usage-parts": { queue: "documents", cron: "* * * * *", maxAttempts: 3, run: countUsageParts },
  "sweep-left-credits": { queue: "money", cron: "*/5 * * * *", maxAttempts: 3, run: sweepLeftCredits },
  "sweep-top-ups": { queue: "top-ups", cron: "* * * * *", maxAttempts: 3, run: sweepTopUps },
  "sweep-statements": { queue: "documents", cron: "*/10 * * * *", maxAttempts: 3, run: sweepStatements },
}

/** Returns the tasks of a queue, each of which refuses a payload that isn't its own. */
export function tasksOf(queue: Queue, db: Db): TaskList {
  const list: TaskList = {}
  const add = (name: string, run: (ctx: Ctx, payload: unknown) => Promise<unknown>) => {
    list[name] = async (payload, { job }) => {
      await run({ db, now: clock.now(), isRepeated: job.attempts > 1 }, payload)
    }
  }
  for (const name of jobNames()) if (TASKS[name].queue === queue) add(name, reading(name))
  for (const [name, task] of Object.entries(SCHEDULED)) if (task.queue === queue) add(name, task.run)
  return list
}

const jobNames = () => Object.keys(TASKS) as JobName[]

function reading<Name extends JobName>(name: Name) {
  const { run } = TASKS[name]
  return (ctx: Ctx, payload: unknown) => run(ctx, JOBS[name].payload.parse(payload) as Payload<Name>)
}

/** Returns the schedule. Each line is one job however many processes read it, and its key keeps a late one from piling up. */
export function crontab(): string {
  return Object.entries(SCHEDULED)
    .map(([name, { cron, maxAttempts }]) => `${cron} ${name} ?jobKey=${name}&max=${maxAttempts}`)
    .join("\n")
}

/** Returns whether a task sends something out, to servers that customers choose. */
export function isOutbound(task: string): boolean {
  const queue = (TASKS as Record<string, Task<never>>)[task]?.queue
  return queue === "mail" || queue === "webhooks"
}
