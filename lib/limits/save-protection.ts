import { recordEvent } from "@/lib/audit/record-event"
import { ConflictError } from "@/lib/errors"
import { toDecimalString } from "@/lib/money/usd"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import type { LimitCtx } from "./ctx"
import type { ProtectionInput } from "./schema"
import { beginLimit, findLimit, type Subject, writeLimit } from "./store"

export const OWNERS: Subject = { kind: "owner", memberId: null, apiKeyId: null }

/**
 * Sets what keys and schedules may draw from the Owner's credits in a month, or any amount, and the reserve that they
 * leave. It holds from the next request. Owners and Admins only. Throws ConflictError on Enterprise, where all share the
 * team's credits.
 */
export async function saveProtection(
  { db, now, team, actor }: LimitCtx,
  { amountNanos, reserveNanos }: ProtectionInput,
): Promise<void> {
  const limitId = await db.$transaction(async (tx) => {
    await lockTeam(tx, team.id)
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "limits:manage")
    const { plan, ownerReserveNanos } = await tx.team.findUniqueOrThrow({ where: { id: team.id } })
    if (plan === "enterprise")
      throw new ConflictError("On Enterprise everybody shares the team’s credits, so no pool is the Owner’s.")
    const before = await findLimit(tx, team.id, OWNERS)
    const known = { amountNanos: before?.amountNanos ?? null, reserveNanos: ownerReserveNanos }
    if (known.amountNanos === amountNanos && known.reserveNanos === reserveNanos) return null
    await tx.team.update({ where: { id: team.id }, data: { ownerReserveNanos: reserveNanos } })
    if (amountNanos === null && before)
      await tx.spendLimit.delete({ where: { teamId_id: { teamId: team.id, id: before.id } } })
    const [from, to] = [known, { amountNanos, reserveNanos }].map(protectionJson)
    const deed = { teamId: team.id, actor, kind: "owner_protection.changed" as const }
    await recordEvent(tx, { ...deed, ...(from && { before: from }), ...(to && { after: to }) }, now)
    if (amountNanos === null || known.amountNanos === amountNanos) return null
    return writeLimit(tx, team.id, OWNERS, { amountNanos, isHard: true }, now)
  })
  if (limitId) await db.$transaction((tx) => beginLimit(tx, team.id, limitId, now))
}

const protectionJson = (terms: { amountNanos: bigint | null; reserveNanos: bigint }) => ({
  limit: terms.amountNanos === null ? null : toDecimalString(terms.amountNanos),
  reserve: toDecimalString(terms.reserveNanos),
})
