import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { PurchaseStatus } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { readTogether } from "@/lib/db/read-together"
import { getMemberNames } from "@/lib/teams/names"
import { NEVER_SAVED, type PoolRef, type StoredSettings, settingsRead } from "@/lib/top-up-settings/settings"
import { type Decision, decideTopUp, type TopUpState } from "./decide"
import { decideResume } from "./decide-save"
import { type Outlook, toOutlook } from "./outlook"
import { readState } from "./read-state"
import { type Cap, capRead, readWaiting } from "./read-waiting"
import type { TopUpSettings } from "./schema"
import type { UsageForDryRun } from "./simulate"
import type { OpenTopUp } from "./store"

const DRY_RUN_DAYS = 30

export type AutoTopUp = {
  settings: (TopUpSettings & { version: number }) | null
  outlook: Outlook
  cap: { capNanos: bigint | null; version: number }
  /** The whole team's top-ups of this month (UTC), charged and under way. */
  committedNanos: bigint
  /** The present decision. Null while the settings were never saved. */
  decision: Decision | null
  /** The decision if the pool were low and due now. Null while it is off. */
  whenLow: Decision | null
  /** The charge that resuming would make at once. Null while it is off. */
  whenResumed: Decision | null
  open: OpenTopUp | null
  /** How the last failed top-up ended, while none has succeeded since. */
  lastFailure: { reason: string; failures: number } | null
}

/** The reads that the rest of a pool's auto top-up needs first. Another read may take them along. */
export const topUpReads = (ref: PoolRef) => ({ settings: settingsRead(ref), cap: capRead(ref) })

/**
 * Returns what the Billing page says about a pool's auto top-up.
 *
 * @param known its `topUpReads`, if they were read already.
 */
export async function getAutoTopUp(
  db: Db,
  ref: PoolRef,
  now: Date,
  known?: { settings: StoredSettings | null; cap: Cap },
): Promise<AutoTopUp> {
  const { settings, cap } = known ?? (await readTogether(db, topUpReads(ref)))
  const query = queryIn(db)
  const [{ state, open, method }, waiting, lastFailure] = await Promise.all([
    readState(query, ref, settings ?? NEVER_SAVED, cap.capNanos, now),
    readWaiting(query, ref.teamId, cap, now),
    settings && settings.failures > 0 ? readLastFailure(db, ref, settings.failures) : null,
  ])
  return {
    settings,
    cap: { capNanos: cap.capNanos, version: cap.version },
    outlook: toOutlook(state, { paymentMethodId: method?.id ?? null, waiting, asOf: now }),
    committedNanos: state.committedNanos,
    open,
    decision: settings && decideTopUp(state, now),
    whenLow: settings?.enabled ? decideTopUp(asIfLow(state), now) : null,
    whenResumed: settings?.enabled ? decideResume(state, now) : null,
    lastFailure,
  }
}

function asIfLow(state: TopUpState): TopUpState {
  const due = state.due ?? { cause: "usage", needsNanos: null }
  return { ...state, availableNanos: state.thresholdNanos, due }
}

async function readLastFailure(db: Db, { teamId, poolId }: PoolRef, failures: number) {
  const last = await db.purchase.findFirst({
    where: { teamId, poolId, kind: "auto_top_up", status: "failed" },
    orderBy: { settledAt: "desc" },
    select: { failureReason: true },
  })
  return last?.failureReason ? { reason: last.failureReason, failures } : null
}

type UsedDay = { day: Date; spent: bigint; credits: bigint; includedLeft: bigint }

/**
 * Returns the pool's spending and what its plan gave on each of the last 30 days (UTC), and the bought credits before
 * the first of them.
 */
export async function getUsageForDryRun(
  db: Db,
  { teamId, poolId }: PoolRef,
  now: Date,
): Promise<UsageForDryRun> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const first = new Date(today - (DRY_RUN_DAYS - 1) * DAY_MS)
  const [rows, pools] = await Promise.all([
    db.$queryRaw<UsedDay[]>`
      SELECT d.day, d.spent, d.credits, coalesce((
        SELECT e.balance_after_nanos FROM entries e
        WHERE e.team_id = p.team_id AND e.pool_no = p.no AND e.bucket = 'included' AND e.seq <= d.last_seq
        ORDER BY e.seq DESC LIMIT 1
      ), 0) AS "includedLeft"
      FROM pools p, LATERAL (
        SELECT u.day, sum(u.included_nanos + u.credits_nanos)::bigint AS spent,
          sum(u.credits_nanos)::bigint AS credits, max(u.last_seq) AS last_seq
        FROM usage_days u WHERE u.team_id = p.team_id AND u.pool_id = p.id AND u.day >= ${first}::date GROUP BY u.day
      ) d WHERE p.team_id = ${teamId}::uuid AND p.id = ${poolId}::uuid`,
    db.$queryRaw<{ start: bigint; held: bigint }[]>`
      SELECT p.held_nanos AS held, coalesce((
        SELECT e.balance_after_nanos - e.amount_nanos FROM entries e
        WHERE e.team_id = p.team_id AND e.pool_no = p.no AND e.bucket = 'credits' AND e.seq >= (
          SELECT min(u.first_seq) FROM usage_days u
          WHERE u.team_id = p.team_id AND u.pool_id = p.id AND u.day >= ${first}::date
        ) ORDER BY e.seq LIMIT 1
      ), p.credits_nanos) AS start
      FROM pools p WHERE p.team_id = ${teamId}::uuid AND p.id = ${poolId}::uuid`,
  ])
  const used = new Map(rows.map((row) => [row.day.getTime(), row]))
  let includedLeftNanos = 0n
  const days = Array.from({ length: DRY_RUN_DAYS }, (_, n) => {
    const day = new Date(first.getTime() + n * DAY_MS)
    const row = used.get(day.getTime())
    // Without usage it stays as it was.
    includedLeftNanos = row?.includedLeft ?? includedLeftNanos
    return { day, spentNanos: row?.spent ?? 0n, creditsNanos: row?.credits ?? 0n, includedLeftNanos }
  })
  return { days, startNanos: pools[0]?.start ?? 0n, heldNanos: pools[0]?.held ?? 0n }
}

export type TopUpDecision = {
  id: string
  /** Why it was or wasn't topped up: `charge`, or the reason against it. */
  reason: string
  balanceNanos: bigint
  amountNanos: bigint
  decidedAt: Date
  lastDecidedAt: Date
  times: number
  /** The outcome of the charge. */
  outcome: { status: PurchaseStatus; failureReason: string | null; needsAuthentication: boolean } | null
}

export type TopUpChange = {
  id: string
  by: string
  isCap: boolean
  before: unknown
  after: unknown
  changedAt: Date
}

const DECISIONS_SHOWN = 50
const CHANGES_SHOWN = 50

/** Returns why a pool was or wasn't topped up, and who changed its settings or the team's cap, newest first. */
export async function getTopUpHistory(
  db: Db,
  { teamId, poolId }: PoolRef,
): Promise<{ decisions: TopUpDecision[]; changes: TopUpChange[] }> {
  const [decisions, changes] = await Promise.all([
    db.autoTopUpDecision.findMany({
      where: { teamId, poolId },
      orderBy: [{ decidedAt: "desc" }, { id: "desc" }],
      take: DECISIONS_SHOWN,
    }),
    db.autoTopUpChange.findMany({
      where: { teamId, OR: [{ poolId }, { poolId: null }] },
      orderBy: [{ changedAt: "desc" }, { id: "desc" }],
      take: CHANGES_SHOWN,
    }),
  ])
  const purchases = await db.purchase.findMany({
    where: { teamId, id: { in: decisions.flatMap(({ purchaseId }) => purchaseId ?? []) } },
    select: { id: true, status: true, failureReason: true, needsAuthentication: true },
  })
  const outcomes = new Map(purchases.map(({ id, ...outcome }) => [id, outcome]))
  const names = await getMemberNames(
    db,
    teamId,
    changes.map(({ memberId }) => memberId),
  )
  return {
    decisions: decisions.map((row) => ({ ...row, outcome: outcomes.get(row.purchaseId ?? "") ?? null })),
    changes: changes.map((row) => ({
      ...row,
      by: names.get(row.memberId) ?? "Former member",
      isCap: row.poolId === null,
    })),
  }
}
