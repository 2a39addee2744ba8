import { ReconciliationLine } from "@/components/reconciliation/reconciliation-line"
import { DAY_MS } from "@/lib/clock"
import type { ReconciliationState } from "@/lib/reconciliation/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"

type Props = { viewer: Viewer; state: ReconciliationState }

/** Overview's one line on whether everything that Stripe took was credited. Owners only. */
export async function ReconciliationNote({ viewer: { team }, state }: Props) {
  const { now } = pageCtx()
  const { finished, failed, openDifferences, failedEvents } = state
  return (
    <ReconciliationLine
      href={`/${team.slug}/settings/account/billing/reconciliation`}
      now={await readersNow(now)}
      state={{
        counted: finished?.counted ?? 0,
        checkedAt: finished?.at.toISOString() ?? null,
        isLate: finished !== null && now.getTime() - finished.at.getTime() > DAY_MS,
        hasFailed: failed !== null,
        openDifferences,
        failedEvents,
      }}
    />
  )
}
