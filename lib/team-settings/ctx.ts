import type { MemberActor } from "@/lib/audit/actor"
import type { AuditKind } from "@/lib/audit/kinds"
import { type JsonValue, recordEvent } from "@/lib/audit/record-event"
import type { Db, Tx } from "@/lib/db/client"
import { toPublicId } from "@/lib/ids"
import { lockTeam } from "@/lib/teams/lock-team"
import type { Permission } from "@/lib/teams/permissions"
import { requirePermission } from "@/lib/teams/require-permission"

export type TeamSettingsCtx = {
  db: Db
  now: Date
  team: { id: string }
  actor: MemberActor
}

/** Runs work in a transaction with the team locked, for a member who has the permission until it ends. */
export async function inLockedTeam<T>(
  ctx: TeamSettingsCtx,
  permission: Permission,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { db, team, actor } = ctx
  return db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, permission)
    await lockTeam(tx, team.id)
    return work(tx)
  })
}

/** Writes to the audit log what somebody changed about the team. */
export async function recordTeamChange(
  tx: Tx,
  { team, actor, now }: TeamSettingsCtx,
  change: {
    kind: AuditKind
    name: string
    before?: Record<string, JsonValue>
    after?: Record<string, JsonValue>
  },
): Promise<void> {
  const { name, ...deed } = change
  const subject = { kind: "team" as const, id: toPublicId("team", team.id), name }
  await recordEvent(tx, { teamId: team.id, actor, subject, ...deed }, now)
}
