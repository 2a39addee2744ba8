import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { Prisma } from "@/lib/db/generated/client"
import { type Read, readAlone } from "@/lib/db/read-together"

/** How long a Member sees the answer to their last request. */
const ANSWER_SHOWN_MS = 14 * DAY_MS

export type OwnRequest = {
  id: string
  status: "open" | "approved" | "declined"
  amountNanos: bigint
  reason: string
  changedAt: Date
  endedAt: Date | null
  answeredBy: string | null
  grantedNanos: bigint | null
  word: string | null
}

/** Returns a member's last request while it is open or its answer is news. Null if they have withdrawn it. */
export async function getOwnRequest(
  { db, now }: { db: Db; now: Date },
  teamId: string,
  memberId: string,
): Promise<OwnRequest | null> {
  const [last] = await db.$queryRaw<(Omit<OwnRequest, "status"> & { status: string })[]>`
    SELECT r.id, r.status, r.amount_nanos AS "amountNanos", r.reason, r.changed_at AS "changedAt",
      r.ended_at AS "endedAt", coalesce(u.name, u.email) AS "answeredBy", r.granted_nanos AS "grantedNanos", r.word
    FROM credit_requests r
    LEFT JOIN members m ON m.team_id = r.team_id AND m.id = r.answered_by_member_id
    LEFT JOIN users u ON u.id = m.user_id
    WHERE r.team_id = ${teamId}::uuid AND r.member_id = ${memberId}::uuid ORDER BY r.id DESC LIMIT 1`
  if (!last || last.status === "withdrawn") return null
  if (last.endedAt && now.getTime() - last.endedAt.getTime() > ANSWER_SHOWN_MS) return null
  return { ...last, status: last.status as OwnRequest["status"] }
}

export type OpenRequest = {
  id: string
  memberId: string
  name: string
  amountNanos: bigint
  reason: string
  changedAt: Date
}

export type CreditsToGive = {
  /** Those who have waited longest first. */
  requests: OpenRequest[]
  hasMore: boolean
  /** The bought credits that the reader may give away, and those in the pool they look at. */
  ownNanos: bigint
  shownNanos: bigint
}

/** Enough to work through. */
const SHOWN = 50

type Giver = { teamId: string; memberId: string; poolId: string }

type GivingRow = {
  ownNanos: string
  shownNanos: string
  id: string | null
  amountNanos: string
  changedAt: string
} & Pick<OpenRequest, "memberId" | "name" | "reason">

/** Reads the requests that wait for an answer, and what there is to give, for whoever may answer. */
export const creditsToGiveRead = ({ teamId, memberId, poolId }: Giver): Read<CreditsToGive> => ({
  rows: Prisma.sql`
    SELECT g."ownNanos", g."shownNanos", r.* FROM (
      SELECT coalesce((SELECT ledger_transferable(p.team_id, p.id) FROM pools p
          WHERE p.team_id = ${teamId}::uuid AND p.member_id = ${memberId}::uuid), 0)::text AS "ownNanos",
        coalesce(ledger_transferable(${teamId}::uuid, ${poolId}::uuid), 0)::text AS "shownNanos"
    ) g LEFT JOIN LATERAL (
      SELECT r.id, r.member_id AS "memberId", coalesce(u.name, u.email) AS name,
        r.amount_nanos::text AS "amountNanos", r.reason, r.changed_at AS "changedAt"
      FROM credit_requests r
      JOIN teams t ON t.id = r.team_id AND t.plan <> 'enterprise'
      JOIN members m ON m.team_id = r.team_id AND m.id = r.member_id
      JOIN users u ON u.id = m.user_id
      WHERE r.team_id = ${teamId}::uuid AND r.status = 'open' ORDER BY r.id LIMIT ${SHOWN + 1}
    ) r ON true ORDER BY r.id`,
  toValue(rows: GivingRow[]) {
    const requests = rows.flatMap(({ id, memberId, name, amountNanos, reason, changedAt }) =>
      id === null
        ? []
        : [{ id, memberId, name, amountNanos: BigInt(amountNanos), reason, changedAt: new Date(changedAt) }],
    )
    return {
      requests: requests.slice(0, SHOWN),
      hasMore: requests.length > SHOWN,
      ownNanos: BigInt(rows[0]?.ownNanos ?? 0n),
      shownNanos: BigInt(rows[0]?.shownNanos ?? 0n),
    }
  },
})

export const getCreditsToGive = (db: Db, giver: Giver) => readAlone(db, creditsToGiveRead(giver))

export type Place = { poolId: string; seq: bigint }

/** Returns the transactions in the Members' pools that approved requests led to, by request. */
export async function listTransactionsOf(
  db: Db,
  teamId: string,
  requestIds: string[],
): Promise<Map<string, Place>> {
  if (requestIds.length === 0) return new Map()
  const rows = await db.$queryRaw<(Place & { id: string })[]>`
    SELECT r.id, p.id AS "poolId", e.seq FROM credit_requests r
    JOIN transfers t ON t.team_id = r.team_id AND t.id = r.transfer_id
    JOIN pools p ON p.team_id = t.team_id AND p.id = t.to_pool_id
    JOIN entries e ON e.team_id = t.team_id AND e.cause_id = t.id AND e.kind = 'transfer' AND e.bucket = 'credits'
      AND e.pool_no = p.no
    WHERE r.team_id = ${teamId}::uuid AND r.id = ANY(${requestIds}::uuid[])`
  return new Map(rows.map(({ id, poolId, seq }) => [id, { poolId, seq }]))
}
