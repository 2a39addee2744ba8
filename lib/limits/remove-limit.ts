import { recordEvent } from "@/lib/audit/record-event"
import type { Role } from "@/lib/db/generated/enums"
import { NotFoundError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import type { LimitCtx } from "./ctx"
import { requireMayLimit } from "./require-may-limit"
import { termsJson } from "./save-limit"

/** Removes a member's or a key's limit. Owners and Admins only; an Admin can't lift an Owner's. */
export async function removeLimit(
  { db, now, team, actor }: LimitCtx,
  { limitId }: { limitId: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockTeam(tx, team.id)
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "limits:manage")
    const [limit] = await tx.$queryRaw<
      {
        kind: "member" | "api_key"
        subjectId: string
        name: string
        role: Role | null
        amountNanos: bigint
        isHard: boolean
      }[]
    >`
      SELECT l.kind, coalesce(l.member_id, l.api_key_id) AS "subjectId", coalesce(u.name, u.email, k.name) AS name, m.role::text AS role,
        l.amount_nanos AS "amountNanos", l.is_hard AS "isHard"
      FROM spend_limits l
      LEFT JOIN members m ON m.team_id = l.team_id AND m.id = l.member_id LEFT JOIN users u ON u.id = m.user_id
      LEFT JOIN api_keys k ON k.team_id = l.team_id AND k.id = l.api_key_id
      WHERE l.team_id = ${team.id}::uuid AND l.id = ${limitId}::uuid AND l.kind <> 'owner'`
    if (!limit) throw new NotFoundError()
    const { kind, subjectId, name, role } = limit
    if (role) await requireMayLimit(tx, { teamId: team.id, memberId: actor.memberId }, role)
    await tx.spendLimit.delete({ where: { teamId_id: { teamId: team.id, id: limitId } } })
    const id = toPublicId(kind === "member" ? "member" : "key", subjectId)
    await recordEvent(
      tx,
      {
        teamId: team.id,
        actor,
        kind: "limit.removed",
        subject: { kind, id, name },
        before: termsJson(limit),
        after: { limit: null },
      },
      now,
    )
  })
}
