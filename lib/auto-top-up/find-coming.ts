import { HOUR_MS, MINUTE_MS } from "@/lib/clock"
import type { Query, Statement } from "@/lib/db/query"
import { type PoolRef, readSettings } from "@/lib/top-up-settings/settings"
import { decideTopUp } from "./decide"
import { readState } from "./read-state"
import type { OpenTopUp } from "./store"

/** A top-up that needs no person: under way, or about to begin. */
export type ComingTopUp = { amountNanos: bigint; retryAfterMs: number }

/** The time that Stripe usually needs for a card. A charge that has already taken longer gets longer. */
const SOON_MS = 5_000
/** Banks that debit an account need days. */
const PROCESSING_MS = HOUR_MS

const READ_CAP: Statement = {
  name: "auto_top_up_cap",
  text: "SELECT cap_nanos FROM spend_caps WHERE team_id = $1::uuid",
}

/** Returns the pool's top-up that will add credits without anybody acting. Null if none will. */
export async function findComingTopUp(query: Query, ref: PoolRef, now: Date): Promise<ComingTopUp | null> {
  const settings = await readSettings(query, ref)
  if (!settings?.enabled) return null
  const [cap] = await query<{ cap_nanos: bigint | string | null }>(READ_CAP, [ref.teamId])
  if (!cap) return null
  const capNanos = cap.cap_nanos === null ? null : BigInt(cap.cap_nanos)
  const { state, open } = await readState(query, ref, settings, capNanos, now)
  const decision = decideTopUp(state, now)
  if (decision.kind === "charge") return { amountNanos: decision.amountNanos, retryAfterMs: SOON_MS }
  // A top-up begun before the plan went unpaid is no longer confirmed.
  if (!open || decision.reason !== "attempt_open" || state.isPlanUnpaid) return null
  return { amountNanos: open.amountNanos, retryAfterMs: retryAfterMs(open, now) }
}

function retryAfterMs({ isProcessing, createdAt }: OpenTopUp, now: Date): number {
  if (isProcessing) return PROCESSING_MS
  return now.getTime() - createdAt.getTime() < MINUTE_MS ? SOON_MS : MINUTE_MS
}
