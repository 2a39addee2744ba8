import type { Db } from "@/lib/db/client"
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

export type TeamReconciliation = {
  /** Asked for by the team and not yet at its end. */
  underWay: { requestedAt: Date; hasBegun: boolean } | null
  /** The last run that reached its end, with what it found of this team. */
  finished: (Figures & { at: Date; since: Date | null }) | null
  /** A later run that didn't. */
  failed: { at: Date; reason: string } | null
  differences: TeamDifference[]
  openDifferences: number
  /** Messages from Stripe about this team that can't be processed. */
  failedEvents: number
}

/** What a team's Owner sees of the comparisons with Stripe: those of the whole account, and the team's own. */
export async function getTeamReconciliation(db: Db, teamId: string): Promise<TeamReconciliation> {
  const scope = { OR: [{ teamId }, { teamId: null }] }
  const open = { teamId, resolvedAt: null }
  const [underWay, finished, failed, differences, openDifferences, failedEvents] = await Promise.all([
    db.reconciliationRun.findFirst({ where: { teamId, status: { in: ["waiting", "running"] } } }),
    db.reconciliationRun.findFirst({
      where: { ...scope, status: "finished" },
      orderBy: { finishedAt: "desc" },
    }),
    db.reconciliationRun.findFirst({
      where: { ...scope, status: "failed" },
      orderBy: { finishedAt: "desc" },
    }),
    db.reconciliationDifference.findMany({
      where: open,
      orderBy: [{ firstSeenAt: "desc" }, { objectId: "asc" }],
      take: DIFFERENCES_SHOWN,
    }),
    db.reconciliationDifference.count({ where: open }),
    countFailedEvents(db, teamId),
  ])
  return {
    underWay: underWay && { requestedAt: underWay.requestedAt, hasBegun: underWay.status === "running" },
    finished: finished?.finishedAt
      ? { ...(await figuresOf(db, teamId, finished.id)), at: finished.finishedAt, since: finished.since }
      : null,
    failed:
      failed?.finishedAt && failed.failure && isLater(failed.finishedAt, finished?.finishedAt)
        ? { at: failed.finishedAt, reason: failed.failure }
        : null,
    differences,
    openDifferences,
    failedEvents,
  }
}

async function figuresOf(db: Db, teamId: string, runId: string): Promise<Figures> {
  const result = await db.reconciliationResult.findUnique({
    where: { teamId_runId: { teamId, runId } },
    select: { counted: true, matched: true, repaired: true, differences: true },
  })
  return result ?? { counted: 0, matched: 0, repaired: 0, differences: 0 }
}

async function countFailedEvents(db: Db, teamId: string): Promise<number> {
  // The status stands in the text, because the index of failed events is found by it.
  const [row] = await db.$queryRaw<{ failed: number }[]>`
    SELECT count(*)::integer AS failed FROM stripe_events e JOIN stripe_customers c ON c.id = e.customer_id
    WHERE e.status = 'failed' AND c.team_id = ${teamId}::uuid`
  return row?.failed ?? 0
}

function isLater(at: Date, than: Date | null | undefined): boolean {
  return !than || at > than
}

export type Report = {
  differences: (TeamDifference & { team: string })[]
  /** Captured money that no team could be found for, or that fits no purchase. */
  parked: { paymentIntentId: string; amountMinor: bigint; currency: string; reason: string }[]
  failedEvents: { id: string; type: string; objectId: string; attempts: number; lastError: string | null }[]
}

const REPORTED = 100

/** What whoever runs this installation has to look at: of one team, or of all. At most a hundred of each. */
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
