import type { Tx } from "@/lib/db/client"
import { alarm } from "@/lib/log"
import type { BegunRun } from "./store"

/**
 * Kinds of difference that no rule can repair. `components/reconciliation/reconciliation-words.ts` has a sentence for
 * each.
 */
export type DifferenceKind =
  | "payment_not_credited"
  | "payment_amount_differs"
  | "payment_not_captured"
  | "payment_unknown_at_stripe"
  | "refund_not_recorded"
  | "dispute_not_recorded"

export type Difference = {
  teamId: string
  kind: DifferenceKind
  /** Stripe's id of the object in question. */
  objectId: string
  purchaseId: string | null
  stripe: { amountMinor: bigint; currency: string } | null
  ledgerNanos: bigint | null
}

/** Keeps a difference visible. Found again, it stays the same one. Returns whether it is new. */
export async function noteDifference(
  tx: Tx,
  run: BegunRun,
  difference: Difference,
  now: Date,
): Promise<boolean> {
  const { teamId, kind, objectId, purchaseId, stripe, ledgerNanos } = difference
  const [row] = await tx.$queryRaw<{ isNew: boolean }[]>`
    INSERT INTO reconciliation_differences AS d (team_id, kind, object_id, purchase_id, stripe_minor, currency,
      ledger_nanos, last_run_id, first_seen_at)
    VALUES (${teamId}::uuid, ${kind}, ${objectId}, ${purchaseId}::uuid, ${stripe?.amountMinor ?? null},
      ${stripe?.currency ?? null}, ${ledgerNanos}, ${run.id}::uuid, ${now})
    ON CONFLICT (team_id, kind, object_id) DO UPDATE SET stripe_minor = EXCLUDED.stripe_minor,
      currency = EXCLUDED.currency, ledger_nanos = EXCLUDED.ledger_nanos, last_run_id = EXCLUDED.last_run_id,
      first_seen_at = CASE WHEN d.resolved_at IS NULL THEN d.first_seen_at ELSE EXCLUDED.first_seen_at END,
      resolved_at = NULL
    RETURNING OLD.team_id IS NULL OR OLD.resolved_at IS NOT NULL AS "isNew"`
  return row?.isNew ?? false
}

export function tellDifference({ teamId, kind, objectId, purchaseId }: Difference): void {
  alarm("reconciliation_difference", { team: teamId, kind, object: objectId, purchase: purchaseId })
}

export type OpenDifference = {
  teamId: string
  kind: string
  objectId: string
  purchaseId: string | null
  /** The run has already compared the object and no longer found this difference. */
  isCompared: boolean
}

/** Lists differences in the run's scope that it hasn't met by itself, a page at a time. */
export function listNotSeen(tx: Tx, run: BegunRun, after: OpenDifference | null): Promise<OpenDifference[]> {
  return tx.$queryRaw<OpenDifference[]>`
    SELECT team_id AS "teamId", kind, object_id AS "objectId", purchase_id AS "purchaseId",
      EXISTS (SELECT 1 FROM reconciliation_seen s WHERE s.team_id = d.team_id AND s.run_id = ${run.id}::uuid
        AND s.object_id = d.object_id) AS "isCompared"
    FROM reconciliation_differences d
    WHERE resolved_at IS NULL AND last_run_id <> ${run.id}::uuid
      AND (${run.teamId}::uuid IS NULL OR team_id = ${run.teamId}::uuid)
      AND (${after?.teamId ?? null}::uuid IS NULL OR (team_id, kind, object_id)
        > (${after?.teamId ?? null}::uuid, ${after?.kind ?? null}, ${after?.objectId ?? null}))
    ORDER BY team_id, kind, object_id LIMIT 100`
}

/** Resolves a difference that is gone, unless the run has met it after all. */
export async function resolveUnlessSeen(
  tx: Tx,
  run: BegunRun,
  { teamId, kind, objectId }: OpenDifference,
  now: Date,
): Promise<void> {
  await tx.reconciliationDifference.updateMany({
    where: { teamId, kind, objectId, resolvedAt: null, lastRunId: { not: run.id } },
    data: { resolvedAt: now },
  })
}
