import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Read, readAlone } from "@/lib/db/read-together"
import type { Figures } from "./store"

const DIFFERENCES_SHOWN = 10

export type TeamDifference = {
  kind: string
  objectId: string
  purchaseId: string | null
  stripeMinor: bigint | null
  currency: string | null
  ledgerNanos: bigint | null
  firstSeenAt: Date
}

export type ReconciliationState = {
  /** A check that the team has asked for and that hasn't ended. */
  underWay: { requestedAt: Date; hasBegun: boolean } | null
  /** The last run that reached its end, with its findings about this team. */
  finished: (Figures & { at: Date; since: Date | null }) | null
  /** A later run that didn't. */
  failed: { at: Date; reason: string } | null
  openDifferences: number
  /** Messages from Stripe about this team that can't be processed. */
  failedEvents: number
}

export type TeamReconciliation = ReconciliationState & { differences: TeamDifference[] }

/** Returns an Owner's view of the comparisons with Stripe: those of the whole account, and the team's own. */
export async function getTeamReconciliation(db: Db, teamId: string): Promise<TeamReconciliation> {
  const [state, differences] = await Promise.all([
    readAlone(db, reconciliationStateRead(teamId)),
    readOpenDifferences(db, teamId),
  ])
  return { ...state, differences }
}

/** Reads the same without the differences themselves, for a page that only says whether there are any. */
export const reconciliationStateRead = (teamId: string): Read<ReconciliationState> => ({
  rows: runsRows(teamId),
  toValue([runs]: Runs[]) {
    if (!runs) throw new Error("A row without a table is always there")
    const { counted, matched, repaired, differences, openDifferences, failedEvents, failure } = runs
    const [requestedAt, finishedAt, since, failedAt] = [
      runs.requestedAt,
      runs.finishedAt,
      runs.since,
      runs.failedAt,
    ].map((at) => (at === null ? null : new Date(at))) as [Date | null, Date | null, Date | null, Date | null]
    return {
      underWay: requestedAt && { requestedAt, hasBegun: runs.hasBegun === true },
      finished: finishedAt && { counted, matched, repaired, differences, at: finishedAt, since },
      failed: failedAt && failure && isLater(failedAt, finishedAt) ? { at: failedAt, reason: failure } : null,
      openDifferences,
      failedEvents,
    }
  },
})

type Runs = Figures & {
  requestedAt: string | null
  hasBegun: boolean | null
  finishedAt: string | null
  since: string | null
  failedAt: string | null
  failure: string | null
  openDifferences: number
  failedEvents: number
}

function runsRows(teamId: string): Prisma.Sql {
  // The status is written out in the text, because the index of failed events needs it.
  return Prisma.sql`
    SELECT u.requested_at AS "requestedAt", u.status = 'running' AS "hasBegun",
      o.finished_at AS "finishedAt", o.since, f.finished_at AS "failedAt", f.failure,
      coalesce(r.counted, 0) AS counted, coalesce(r.matched, 0) AS matched, coalesce(r.repaired, 0) AS repaired,
      coalesce(r.differences, 0) AS differences,
      (SELECT count(*)::integer FROM reconciliation_differences d WHERE d.team_id = t.id AND d.resolved_at IS NULL)
        AS "openDifferences",
      (SELECT count(*)::integer FROM stripe_events e JOIN stripe_customers c ON c.id = e.customer_id
        WHERE e.status = 'failed' AND c.team_id = t.id) AS "failedEvents"
    FROM (SELECT ${teamId}::uuid AS id) t
    LEFT JOIN LATERAL (
      SELECT requested_at, status FROM reconciliation_runs WHERE team_id = t.id AND status IN ('waiting', 'running') LIMIT 1
    ) u ON true
    LEFT JOIN LATERAL (
      SELECT id, finished_at, since FROM reconciliation_runs WHERE (team_id = t.id OR team_id IS NULL) AND status = 'finished'
      ORDER BY finished_at DESC LIMIT 1
    ) o ON true
    LEFT JOIN LATERAL (
      SELECT finished_at, failure FROM reconciliation_runs WHERE (team_id = t.id OR team_id IS NULL) AND status = 'failed'
      ORDER BY finished_at DESC LIMIT 1
    ) f ON true
    LEFT JOIN reconciliation_results r ON r.team_id = t.id AND r.run_id = o.id`
}

/** Returns the newest. */
function readOpenDifferences(db: Db, teamId: string): Promise<TeamDifference[]> {
  return db.$queryRaw`
    SELECT kind, object_id AS "objectId", purchase_id AS "purchaseId", stripe_minor AS "stripeMinor", currency,
      ledger_nanos AS "ledgerNanos", first_seen_at AS "firstSeenAt"
    FROM reconciliation_differences WHERE team_id = ${teamId}::uuid AND resolved_at IS NULL
    ORDER BY first_seen_at DESC, object_id LIMIT ${DIFFERENCES_SHOWN}`
}

function isLater(at: Date, than: Date | null): boolean {
  return !than || at > than
}

export type Report = {
  differences: (TeamDifference & { team: string })[]
  /** Captured money for which no team was found, or that fits no purchase. */
  parked: { paymentIntentId: string; amountMinor: bigint; currency: string; reason: string }[]
  failedEvents: { id: string; type: string; objectId: string; attempts: number; lastError: string | null }[]
}

const REPORTED = 100

/** Returns what the operator has to look at, for one team or for all. At most a hundred of each. */
export async function getReport(db: Db, teamId: string | null): Promise<Report> {
  const ofTeam = teamId ? { teamId } : {}
  const customers = teamId
    ? await db.stripeCustomer.findMany({ where: { teamId }, select: { id: true } })
    : null
  const [differences, parked, failedEvents] = await Promise.all([
    db.reconciliationDifference.findMany({
      where: { ...ofTeam, resolvedAt: null },
      orderBy: [{ firstSeenAt: "desc" }, { objectId: "asc" }],
      take: REPORTED,
    }),
    db.parkedPayment.findMany({
      where: { ...ofTeam, resolvedAt: null },
      orderBy: { createdAt: "desc" },
      take: REPORTED,
    }),
    db.stripeEvent.findMany({
      where: { status: "failed", ...(customers && { customerId: { in: customers.map(({ id }) => id) } }) },
      orderBy: { receivedAt: "desc" },
      take: REPORTED,
    }),
  ])
  const teams = await db.team.findMany({
    where: { id: { in: differences.map((each) => each.teamId) } },
    select: { id: true, slug: true },
  })
  const slugs = new Map(teams.map(({ id, slug }) => [id, slug]))
  return {
    differences: differences.map((each) => ({ ...each, team: slugs.get(each.teamId) ?? each.teamId })),
    parked,
    failedEvents,
  }
}
