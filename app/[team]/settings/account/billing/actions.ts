"use server"

import { syncOrWaitForEvent } from "@/lib/payment-methods/sync-payment-methods"
import { cancelPurchase as cancel } from "@/lib/purchases/cancel-purchase"
import { confirmPurchase as confirm } from "@/lib/purchases/confirm-purchase"
import { requirePurchase } from "@/lib/purchases/find-purchase"
import { purchaseRefSchema, startPurchaseSchema } from "@/lib/purchases/schema"
import { startPurchase as start } from "@/lib/purchases/start-purchase"
import { requestReconciliation } from "@/lib/reconciliation/request-reconciliation"
import { runReconciliationSchema } from "@/lib/reconciliation/schema"
import { memberAction } from "@/lib/web/member-action"

export const startPurchase = memberAction({
  permission: "credits:purchase",
  input: startPurchaseSchema,
  asksStripe: true,
  run: start,
})

export const confirmPurchase = memberAction({
  permission: "credits:purchase",
  input: purchaseRefSchema,
  asksStripe: true,
  run: async ({ db, now, team }, { purchaseId }) => {
    const ref = { teamId: team.id, purchaseId }
    await requirePurchase(db, ref)
    const [progress] = await Promise.all([
      confirm({ db, now }, ref),
      // A new card may have paid, and the page shows it next.
      syncOrWaitForEvent({ db, now }, team.id),
    ])
    return progress
  },
})

export const cancelPurchase = memberAction({
  permission: "credits:purchase",
  input: purchaseRefSchema,
  asksStripe: true,
  run: ({ db, now, actor, team }, { purchaseId }) =>
    cancel({ db, now, actor }, { teamId: team.id, purchaseId }),
})

export const runReconciliation = memberAction({
  permission: "reconciliation:run",
  input: runReconciliationSchema,
  asksStripe: true,
  async run({ db, now, actor, team }) {
    await requestReconciliation({ db, now, actor }, team.id)
    return null
  },
})
