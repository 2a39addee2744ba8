import type { Query, Statement } from "@/lib/db/query"
import { cardOf, decideExpiry } from "@/lib/payment-methods/expiry"
import { identityOf } from "@/lib/payment-methods/one-per-card"
import { availableOf } from "@/lib/pools/is-low"
import type { PoolRef, StoredSettings } from "@/lib/top-up-settings/settings"
import type { TopUpState } from "./decide"
import { IS_OPEN, OPEN_COLUMNS, type OpenTopUp, toOpen } from "./store"

/** The method that a top-up charges. */
export type Method = { id: string; fingerprint: string; isExpired: boolean }

type Row = {
  credits_nanos: bigint | string
  included_nanos: bigint | string
  held_nanos: bigint | string
  withheld_nanos: bigint | string
  committed_nanos: bigint | string
  /** Milliseconds since 1970. */
  attempts: number[] | null
  method_id: string | null
  fingerprint: string | null
  exp_month: number | null
  exp_year: number | null
} & ({ purchaseId: null } | Omit<OpenTopUp, "teamId" | "poolId">)

const READ_STATE: Statement = {
  name: "auto_top_up_state",
  text: `SELECT p.credits_nanos, p.included_nanos::bigint, p.held_nanos::bigint, p.withheld_nanos::bigint,
      auto_top_up_committed(p.team_id, $3::timestamptz) AS committed_nanos,
      (SELECT json_agg(floor(extract(epoch FROM a.created_at) * 1000)) FROM purchases a WHERE a.team_id = p.team_id
        AND a.pool_id = p.id AND a.kind = 'auto_top_up' AND a.created_at > $3::timestamptz - interval '24 hours') AS attempts,
      m.id AS method_id, m.fingerprint, m.exp_month, m.exp_year, ${OPEN_COLUMNS}
    FROM pools p
    LEFT JOIN stripe_customers c ON c.team_id = p.team_id AND c.replaced_at IS NULL
    LEFT JOIN payment_methods m ON m.team_id = p.team_id AND m.customer_id = c.id AND m.is_default
    LEFT JOIN purchases o ON o.team_id = p.team_id AND o.pool_id = p.id AND ${IS_OPEN}
    WHERE p.team_id = $1::uuid AND p.id = $2::uuid`,
}

/** Reads everything that decides about a pool. In a transaction that has locked cap and settings, none of it changes. */
export async function readState(
  query: Query,
  ref: PoolRef,
  settings: Omit<StoredSettings, "allowedByMemberId">,
  capNanos: bigint | null,
  now: Date,
): Promise<{ state: TopUpState; method: Method | null; open: OpenTopUp | null }> {
  const [pool] = await query<Row>(READ_STATE, [ref.teamId, ref.poolId, now])
  if (!pool) throw new Error("The team has no such pool")
  const open = pool.purchaseId === null ? null : toOpen({ ...ref, ...pool })
  const method = methodOf(pool, now)
  const { failures, failedFingerprint, failedAt, suspendedAt } = settings
  return {
    method,
    open,
    state: {
      enabled: settings.enabled,
      paused:
        settings.pausedAt && settings.pausedReason
          ? { reason: settings.pausedReason, at: settings.pausedAt }
          : null,
      due: settings.dueCause && { cause: settings.dueCause, needsNanos: settings.dueNeedsNanos },
      thresholdNanos: settings.thresholdNanos,
      amountNanos: settings.amountNanos,
      availableNanos: availableOf({
        creditsNanos: BigInt(pool.credits_nanos),
        includedNanos: BigInt(pool.included_nanos),
        heldNanos: BigInt(pool.held_nanos),
      }),
      isPlanUnpaid: BigInt(pool.withheld_nanos) > 0n,
      openAttempt: open,
      paymentMethod: method,
      failures:
        failures > 0 && failedFingerprint && failedAt
          ? { count: failures, fingerprint: failedFingerprint, at: failedAt, suspendedAt }
          : null,
      attempts: (pool.attempts ?? []).map((at) => new Date(at)),
      capNanos,
      committedNanos: BigInt(pool.committed_nanos),
    },
  }
}

function methodOf(row: Row, now: Date): Method | null {
  const { method_id: id, fingerprint, exp_month: expMonth, exp_year: expYear } = row
  if (id === null) return null
  const card = cardOf({ expMonth, expYear })
  return {
    id,
    fingerprint: identityOf({ id, fingerprint }),
    isExpired: card !== null && decideExpiry(card, now) === "expired",
  }
}
