import type { Db } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { queryIn } from "@/lib/db/query"
import { type LimitState, readLimits } from "@/lib/ledger/limits"

export type LimitRow = LimitState & {
  /** The member's or the key's id and name. */
  subjectId: string
  name: string
  /** The member's address, or the key's last characters. */
  detail: string
  /** The member's role. Null for a key. */
  role: Role | null
}

export type TeamLimits = {
  members: LimitRow[]
  keys: LimitRow[]
  /** Working keys without a limit. */
  freeKeys: { id: string; name: string; last4: string }[]
  owner: LimitState | null
  reserveNanos: bigint
  hasMore: boolean
}

/** The page shows this many limits. A team that sets more looks for them under Members. */
export const LIMITS_SHOWN = 200

type Named = {
  id: string
  subjectId: string | null
  kind: "member" | "api_key" | "owner"
  name: string | null
  detail: string | null
  role: Role | null
}

/** Returns the team's limits as they are in this month: members' by name, then keys', and the Owner's protection. */
export async function listLimits({ db, now }: { db: Db; now: Date }, teamId: string): Promise<TeamLimits> {
  const [named, freeKeys, team] = await Promise.all([
    db.$queryRaw<Named[]>`
      SELECT l.id, l.kind, coalesce(l.member_id, l.api_key_id) AS "subjectId", coalesce(u.name, u.email, k.name) AS name, coalesce(u.email, k.last4) AS detail,
        m.role::text AS role
      FROM spend_limits l
      LEFT JOIN members m ON m.team_id = l.team_id AND m.id = l.member_id LEFT JOIN users u ON u.id = m.user_id
      LEFT JOIN api_keys k ON k.team_id = l.team_id AND k.id = l.api_key_id
      WHERE l.team_id = ${teamId}::uuid AND m.removed_at IS NULL AND k.revoked_at IS NULL
      ORDER BY l.kind = 'owner' DESC, lower(coalesce(u.name, u.email, k.name)), l.id LIMIT ${LIMITS_SHOWN + 1}`,
    db.$queryRaw<TeamLimits["freeKeys"]>`
      SELECT k.id, k.name, k.last4 FROM api_keys k
      WHERE k.team_id = ${teamId}::uuid AND k.revoked_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM spend_limits l WHERE l.team_id = k.team_id AND l.kind = 'api_key' AND l.api_key_id = k.id)
      ORDER BY lower(k.name), k.id`,
    db.team.findUniqueOrThrow({ where: { id: teamId }, select: { ownerReserveNanos: true } }),
  ])
  const shown = named.slice(0, LIMITS_SHOWN)
  const states = await readLimits(
    queryIn(db),
    teamId,
    shown.map(({ id }) => id),
    { lock: false, now },
  )
  const byId = new Map(states.map((state) => [state.id, state]))
  const rowsOf = (kind: Named["kind"]) =>
    shown.flatMap((row) => {
      const state = byId.get(row.id)
      if (!state || row.kind !== kind) return []
      return [
        {
          ...state,
          subjectId: row.subjectId ?? "",
          name: row.name ?? "Former member",
          detail: row.detail ?? "",
          role: row.role,
        },
      ]
    })
  return {
    members: rowsOf("member"),
    keys: rowsOf("api_key"),
    freeKeys,
    owner: states.find(({ kind }) => kind === "owner") ?? null,
    reserveNanos: team.ownerReserveNanos,
    hasMore: named.length > LIMITS_SHOWN,
  }
}

export type OwnLimit = { amountNanos: bigint; usedNanos: bigint; isHard: boolean }

/** Returns a member's own limit as it is in this month. Null: they have none. */
export async function getOwnLimit(
  { db, now }: { db: Db; now: Date },
  teamId: string,
  memberId: string,
): Promise<OwnLimit | null> {
  const [limit] = await db.$queryRaw<OwnLimit[]>`
    SELECT amount_nanos AS "amountNanos", spent_nanos + held_nanos AS "usedNanos", is_hard AS "isHard"
    FROM ledger_read_limits(${teamId}::uuid, ARRAY(
      SELECT l.id FROM spend_limits l
      WHERE l.team_id = ${teamId}::uuid AND l.kind = 'member' AND l.member_id = ${memberId}::uuid), ${now}, false)`
  return limit ?? null
}
