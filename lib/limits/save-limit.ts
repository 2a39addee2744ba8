import { recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import type { Role } from "@/lib/db/generated/enums"
import { InvalidInputError, NotFoundError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import type { LimitCtx } from "./ctx"
import { requireMayLimit } from "./require-may-limit"
import type { LimitInput } from "./schema"
import { beginLimit, findLimit, type Subject, type Terms, writeLimit } from "./store"

/**
 * Sets what a member or an API key may spend in a month. It holds from the next request, and counts what this month's
 * usage has cost already. Runs that have set credits aside keep them. Owners and Admins only; an Admin can't limit an
 * Owner.
 */
export async function saveLimit(ctx: LimitCtx, { subject, amountNanos, isHard }: LimitInput): Promise<void> {
  const { db, now, team, actor } = ctx
  const limitId = await db.$transaction(async (tx) => {
    await lockTeam(tx, team.id)
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "limits:manage")
    const named = await requireSubject(tx, ctx, subject)
    const before = await findLimit(tx, team.id, named.subject)
    if (before?.amountNanos === amountNanos && before.isHard === isHard) return null
    const id = await writeLimit(tx, team.id, named.subject, { amountNanos, isHard }, now)
    await recordEvent(
      tx,
      {
        teamId: team.id,
        actor,
        kind: "limit.changed",
        subject: named.audited,
        before: before ? termsJson(before) : { limit: null },
        after: termsJson({ amountNanos, isHard }),
      },
      now,
    )
    return id
  })
  if (limitId) await db.$transaction((tx) => beginLimit(tx, team.id, limitId, now))
}

export const termsJson = ({ amountNanos, isHard }: Terms) => ({
  limit: toDecimalString(amountNanos),
  refuses: isHard,
})

type Named = { subject: Subject; audited: { kind: "member" | "api_key"; id: string; name: string } }

async function requireSubject(
  tx: Tx,
  { team, actor }: LimitCtx,
  subject: LimitInput["subject"],
): Promise<Named> {
  if (subject.kind === "api_key") {
    const key = await tx.apiKey.findFirst({
      where: { teamId: team.id, id: subject.apiKeyId, revokedAt: null },
      select: { name: true },
    })
    if (!key) throw new NotFoundError()
    const { apiKeyId } = subject
    return {
      subject: { kind: "api_key", memberId: null, apiKeyId },
      audited: { kind: "api_key", id: toPublicId("key", apiKeyId), name: key.name },
    }
  }
  const [member] = await tx.$queryRaw<{ id: string; role: Role; name: string }[]>`
    SELECT m.id, m.role::text AS role, coalesce(u.name, u.email) AS name FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.team_id = ${team.id}::uuid AND m.removed_at IS NULL AND
      CASE WHEN ${subject.kind === "email"} THEN u.email = ${subject.kind === "email" ? subject.email : ""}
        ELSE m.id = ${subject.kind === "member" ? subject.memberId : null}::uuid END`
  if (!member)
    throw subject.kind === "email"
      ? new InvalidInputError("No member of your team has this email address.", "email")
      : new NotFoundError()
  await requireMayLimit(tx, { teamId: team.id, memberId: actor.memberId }, member.role)
  return {
    subject: { kind: "member", memberId: member.id, apiKeyId: null },
    audited: { kind: "member", id: toPublicId("member", member.id), name: member.name },
  }
}
