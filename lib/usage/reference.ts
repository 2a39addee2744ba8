import { fromPublicId } from "@/lib/ids"
import { fromEntryId } from "@/lib/ledger/entry-id"
import { captureKey, usageKey } from "@/lib/metering/usage-key"

/** Everything that a text could name a transaction by. */
export type Reference = {
  entry: { poolNo: number; seq: bigint } | null
  purchaseId: string | null
  requestId: string | null
  reversalId: string | null
  /** Of a payment, checkout, invoice, refund or dispute at Stripe. */
  stripeId: string | null
  /** The key under which usage was reported, or a hold was captured. Any text can be one. */
  usageKeys: bigint[]
}

/** `ent_…`, `pur_…`, `creq_…`, `rev_…` and `hold_…` are ids of ours, `pi_…`, `cs_…`, `in_…`, `re_…` and `dp_…` are Stripe’s. */
export function toReference(text: string): Reference {
  const holdId = fromPublicId("hold", text)
  return {
    entry: fromEntryId(text),
    purchaseId: fromPublicId("pur", text),
    requestId: fromPublicId("creq", text),
    reversalId: fromPublicId("rev", text),
    stripeId: /^[a-z]+_[\w-]+$/.test(text) ? text : null,
    usageKeys: [usageKey(text, "").key, ...(holdId ? [captureKey(holdId).key] : [])],
  }
}
