import type { TaskList } from "graphile-worker"
import { z } from "zod"
import { invoiceTopUp } from "@/lib/auto-top-up/invoice-top-up"
import { sweepTopUps } from "@/lib/auto-top-up/sweep"
import { topUpPool } from "@/lib/auto-top-up/top-up-pool"
import { clock } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { mailNotification } from "@/lib/notifications/mail-notification"
import { payWithDefault } from "@/lib/payment-methods/pay-with-default"
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

/** Money, and all that is short. */
export const moneyTasks = (database: Db): TaskList => ({
  "process-stripe-events": async (payload) => {
    const { subjectId } = z.strictObject({ subjectId: z.string() }).parse(payload)
    await processStripeEvents({ db: database, now: clock.now() }, subjectId)
  },
  "clean-up": async () => {
    await cleanUp({ db: database, now: clock.now() })
  },
  "check-ledger": async () => {
    await checkLedger({ db: database })
  },
  reconcile: async (_, { job }) => {
    await reconcileAll({ db: database }, { isRepeated: job.attempts > 1 })
  },
  "reconcile-team": async (payload) => {
    const { runId } = z.strictObject({ runId: z.uuid() }).parse(payload)
    await reconcileTeam({ db: database }, runId)
  },
  "renew-due-pools": async () => {
    // First, so that what changed at the end of a period is there when the next begins.
    await syncDueSubscriptions({ db: database, now: clock.now() })
    await renewDuePools({ db: database, now: clock.now() })
  },
  "tell-balance": async (payload) => {
    const job = z
      .strictObject({
        teamId: z.uuid(),
        poolId: z.uuid(),
        crossing: z.enum(["low", "depleted"]),
        revision: z.string(),
        isSecondLook: z.boolean().optional(),
      })
      .parse(payload)
    await tellBalance({ db: database, now: clock.now() }, job)
  },
  "fan-out-notification": async (payload) => {
    const ref = z.strictObject({ teamId: z.uuid(), notificationId: z.uuid() }).parse(payload)
    await fanOut({ db: database, now: clock.now() }, ref)
  },
  "pay-with-default": async (payload) => {
    const { teamId } = z.strictObject({ teamId: z.uuid() }).parse(payload)
    await payWithDefault({ db: database, now: clock.now() }, teamId)
  },
  "settle-purchase": async (payload) => {
    const ref = z.strictObject({ teamId: z.uuid(), purchaseId: z.uuid() }).parse(payload)
    await settleOverduePurchase({ db: database, now: clock.now() }, ref)
  },
})

export const topUpTasks = (database: Db): TaskList => ({
  "top-up-pool": async (payload) => {
    const ref = z.strictObject({ teamId: z.uuid(), poolId: z.uuid() }).parse(payload)
    await topUpPool({ db: database, now: clock.now() }, ref)
  },
  "sweep-top-ups": async () => {
    await sweepTopUps({ db: database, now: clock.now() })
  },
  "invoice-top-up": async (payload) => {
    const ref = z.strictObject({ teamId: z.uuid(), purchaseId: z.uuid() }).parse(payload)
    await invoiceTopUp({ db: database }, ref)
  },
})

export const mailTasks = (database: Db): TaskList => ({
  "mail-notification": async (payload) => {
    const ref = z
      .strictObject({ teamId: z.uuid(), notificationId: z.uuid(), memberId: z.uuid() })
      .parse(payload)
    await mailNotification({ db: database, now: clock.now() }, ref)
  },
})

export const webhookTasks = (database: Db): TaskList => ({
  "deliver-webhooks": async (payload) => {
    const ref = z.strictObject({ teamId: z.uuid(), endpointId: z.uuid() }).parse(payload)
    await deliverWebhooks({ db: database, now: () => clock.now(), dialer: dialer() }, ref)
  },
})
