import { recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { announce } from "@/lib/live/announce"
import { isLeftBehind } from "@/lib/pools/queries"
import { lockTeam } from "@/lib/teams/lock-team"
import { can } from "@/lib/teams/permissions"
import { requirePermission } from "@/lib/teams/require-permission"
import { lockAllSettings, lockCap, lockPool, lockSettings, NEVER_SAVED } from "@/lib/top-up-settings/settings"
import { readRule, writeRule } from "./approval-rule"
import { subjectOf } from "./ask-approval"
import { type AskedChange, toAskedChange } from "./asked-change"
import type { AutoTopUpCtx } from "./ctx"
import { readState } from "./read-state"
import { requireFit } from "./require-fit"
import { saveCap } from "./save-cap"
import { tellAnswered } from "./tell-approval"
import { writeSettings } from "./write-settings"

type Stored = NonNullable<Awaited<ReturnType<typeof lockPending>>>
type Answer = "approved" | "declined" | "withdrawn"
/** `overtaken`: what it was to change is another by now, or its asker may no longer change it. Nothing was changed. */
export type Answered = { status: Answer | "overtaken" }

const KINDS = {
  approved: "approval.approved",
  declined: "approval.declined",
  withdrawn: "approval.withdrawn",
  overtaken: "approval.overtaken",
} as const

const ALREADY_ANSWERED = "This was answered, withdrawn or replaced in the meantime."
const NOT_BY_ITS_ASKER = "Another Owner or Admin has to answer this."
const ONLY_BY_ITS_ASKER = "Only the person who asked can withdraw this."

/**
 * Approves a change that somebody else asked for, and makes it, for an Owner or Admin. Throws `ForbiddenError` for its
 * asker, and `ConflictError` if it no longer waits: of two who answer at once, one does. It charges nothing by itself.
 */
export function approve(ctx: AutoTopUpCtx, { approvalId }: { approvalId: string }): Promise<Answered> {
  return answer(ctx, approvalId, "approved")
}

/** Declines a change that somebody else asked for. Nothing is changed. */
export function decline(ctx: AutoTopUpCtx, { approvalId }: { approvalId: string }): Promise<Answered> {
  return answer(ctx, approvalId, "declined")
}

/** Takes one's own change back while it waits. */
export function withdraw(ctx: AutoTopUpCtx, { approvalId }: { approvalId: string }): Promise<Answered> {
  return answer(ctx, approvalId, "withdrawn")
}

async function answer(ctx: AutoTopUpCtx, approvalId: string, wanted: Answer): Promise<Answered> {
  const { team, actor, now } = ctx
  const teamId = team.id
  return ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId, memberId: actor.memberId }, "auto-top-up:manage")
    await lockTeam(tx, teamId)
    const approval = await lockPending(tx, teamId, approvalId)
    if (!approval) throw new NotFoundError()
    if (approval.status !== "pending" || approval.expiresAt <= now) throw new ConflictError(ALREADY_ANSWERED)
    const isOwn = approval.askedByMemberId === actor.memberId
    if (wanted === "withdrawn" && !isOwn) throw new ForbiddenError(ONLY_BY_ITS_ASKER)
    if (wanted !== "withdrawn" && isOwn) throw new ForbiddenError(NOT_BY_ITS_ASKER)
    const change = toAskedChange(approval)
    const isMade =
      wanted !== "approved" || ((await isStillAsked(tx, approval)) && (await make(tx, ctx, change)))
    const status = isMade ? wanted : "overtaken"
    await tx.approval.update({
      where: { teamId_id: { teamId, id: approvalId } },
      data: { status, answeredByMemberId: actor.memberId, answeredAt: now },
    })
    const subject = await subjectOf(tx, teamId, approval)
    await recordEvent(tx, { teamId, actor, kind: KINDS[status], subject }, now)
    if (status !== "withdrawn") await tellAnswered(tx, ctx, approval, { change, answer: status })
    await announce(queryIn(tx), teamId)
    return { status }
  })
}

/** Under the team's lock, so that each is answered once. */
function lockPending(tx: Tx, teamId: string, id: string) {
  return tx.approval.findUnique({ where: { teamId_id: { teamId, id } } })
}

/** Whoever asked may be a Member by now, or gone: then it is nobody's wish any more. */
async function isStillAsked(tx: Tx, { teamId, askedByMemberId }: Stored): Promise<boolean> {
  const asker = await tx.member.findFirst({ where: { teamId, id: askedByMemberId, removedAt: null } })
  return asker !== null && can(asker.role, "auto-top-up:manage")
}

/** Makes the change if everything is as its asker saw it. Locks in the order of every save. */
async function make(tx: Tx, ctx: AutoTopUpCtx, change: AskedChange): Promise<boolean> {
  const teamId = ctx.team.id
  if (change.poolId === null) {
    const rule = await readRule(tx, teamId)
    if (rule.version !== change.ruleVersion) return false
    await writeRule(tx, ctx, rule, change.aboveNanos)
    return true
  }
  const { poolId, enabled, thresholdNanos, amountNanos, capNanos } = change
  const ref = { teamId, poolId }
  await lockPool(tx, ref)
  const cap = await lockCap(tx, teamId)
  if (!cap) throw new NotFoundError()
  await lockAllSettings(tx, teamId)
  const known = await lockSettings(tx, ref)
  const version = known?.version ?? 0
  if (version !== change.settingsVersion || cap.version !== change.capVersion) return false
  const save = { enabled, thresholdNanos, amountNanos, version, cap: { capNanos } }
  // Its holder has left since: removing them turns off what is on, and leaves no trace where nothing was saved.
  if (enabled && (await isLeftBehind(tx, teamId, poolId))) return false
  await requireFit(tx, ref, { save, cap })
  const { method } = await readState(queryIn(tx), ref, known ?? NEVER_SAVED, cap.capNanos, ctx.now)
  if (enabled && !method) throw new InvalidInputError("Add a payment method first.")
  await saveCap(tx, ctx, { known: cap, capNanos })
  await writeSettings(tx, ctx, ref, { known, save })
  return true
}
