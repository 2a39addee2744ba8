import { recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError } from "@/lib/errors"
import { announce } from "@/lib/live/announce"
import { toDecimalString } from "@/lib/money/usd"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import { askApproval } from "./ask-approval"
import { CHANGED_MEANWHILE } from "./changed-meanwhile"
import type { AutoTopUpCtx } from "./ctx"
import { isLoosened } from "./needs-approval"

/** `aboveNanos` null: nobody has to approve anything. Version 0: nobody ever saved one. */
export type ApprovalRule = { aboveNanos: bigint | null; version: number }

const NOBODY_ELSE = "Your team needs a second Owner or Admin first. Otherwise nobody could approve anything."

/** Returns the team's rule. Under the team's lock it stays so until the transaction ends. */
export async function readRule(tx: Tx, teamId: string): Promise<ApprovalRule> {
  const rule = await tx.approvalRule.findUnique({
    where: { teamId },
    select: { aboveNanos: true, version: true },
  })
  return rule ?? { aboveNanos: null, version: 0 }
}

/**
 * Sets the figure above which a second Owner or Admin approves, or none. Less protection is only asked for: `pending`
 * says that it waits for somebody else. Throws `ConflictError` if the person saw another version, or is the only
 * Owner or Admin.
 */
export async function saveRule(
  ctx: AutoTopUpCtx,
  { version, aboveNanos }: ApprovalRule,
): Promise<{ status: "saved" | "pending" }> {
  const { team, actor } = ctx
  const teamId = team.id
  return ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId, memberId: actor.memberId }, "auto-top-up:manage")
    await lockTeam(tx, teamId)
    const rule = await readRule(tx, teamId)
    if (rule.version !== version) throw new ConflictError(CHANGED_MEANWHILE)
    if (rule.aboveNanos === aboveNanos) return { status: "saved" }
    if (isLoosened(rule.aboveNanos, aboveNanos)) {
      await askApproval(tx, ctx, { poolId: null, aboveNanos, ruleVersion: version })
      return { status: "pending" }
    }
    const managers = await tx.member.count({
      where: { teamId, removedAt: null, role: { in: ["OWNER", "ADMIN"] } },
    })
    if (managers < 2) throw new ConflictError(NOBODY_ELSE)
    await writeRule(tx, ctx, rule, aboveNanos)
    return { status: "saved" }
  })
}

/** Writes the rule and who changed it, under the team's lock. */
export async function writeRule(
  tx: Tx,
  { team, actor, now }: AutoTopUpCtx,
  known: ApprovalRule,
  aboveNanos: bigint | null,
): Promise<void> {
  const teamId = team.id
  const rule = { aboveNanos, version: known.version + 1, updatedAt: now }
  await tx.approvalRule.upsert({ where: { teamId }, create: { teamId, ...rule }, update: rule })
  const json = (nanos: bigint | null) => ({ above: nanos === null ? null : toDecimalString(nanos) })
  const change = { before: json(known.aboveNanos), after: json(aboveNanos) }
  await recordEvent(tx, { teamId, actor, kind: "approval_rule.changed", ...change }, now)
  await announce(queryIn(tx), teamId)
}
