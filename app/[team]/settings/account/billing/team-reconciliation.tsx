import { ReconciliationCard } from "@/components/reconciliation/reconciliation-card"
import { RunNowButton } from "@/components/reconciliation/run-now-button"
import { DAY_MS } from "@/lib/clock"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { getTeamReconciliation, type TeamDifference } from "@/lib/reconciliation/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { runReconciliation } from "./actions"
import { supportHref } from "./support-href"

/** Shows whether everything that Stripe took was credited. Owners only. */
export async function TeamReconciliation({ viewer: { team } }: { viewer: Viewer }) {
  const { db, now } = pageCtx()
  const { underWay, finished, failed, differences, openDifferences, failedEvents } =
    await getTeamReconciliation(db, team.id)
  return (
    <ReconciliationCard
      differences={differences.map(toEntry)}
      failed={failed && { at: failed.at.toISOString(), reason: failed.reason }}
      failedEvents={failedEvents}
      finished={
        finished && {
          ...finished,
          at: finished.at.toISOString(),
          since: finished.since?.toISOString() ?? null,
        }
      }
      isLate={finished !== null && now.getTime() - finished.at.getTime() > DAY_MS}
      isUnderWay={underWay !== null}
      now={await readersNow(now)}
      openDifferences={openDifferences}
      runButton={
        <RunNowButton isUnderWay={underWay !== null} run={runReconciliation.bind(null, team.slug)} />
      }
      supportHref={supportHref()}
    />
  )
}

function toEntry({ kind, objectId, stripeMinor, currency, ledgerNanos }: TeamDifference) {
  const stripeNanos = stripeMinor !== null && currency === "usd" ? stripeMinor * NANOS_PER_CENT : null
  return { kind, objectId, stripeNanos, currency, ledgerNanos }
}
