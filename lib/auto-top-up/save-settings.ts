import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { readAlone } from "@/lib/db/read-together"
import { ConflictError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { isLeftBehind } from "@/lib/pools/queries"
import { enqueueFall } from "@/lib/queue/enqueue-fall"
import { enqueueTopUp } from "@/lib/queue/enqueue-top-up"
import { lockTeam } from "@/lib/teams/lock-team"
import { requirePermission } from "@/lib/teams/require-permission"
import { makeDue } from "@/lib/top-up-settings/make-due"
import {
  lockAllSettings,
  lockCap,
  lockPool,
  lockSettings,
  NEVER_SAVED,
  NO_FAILURES,
  NOT_PAUSED,
  type PoolRef,
} from "@/lib/top-up-settings/settings"
import { readRule } from "./approval-rule"
import { askApproval } from "./ask-approval"
import type { AskedChange } from "./asked-change"
import { beginTopUp } from "./begin"
import { CHANGED_MEANWHILE } from "./changed-meanwhile"
import type { AutoTopUpCtx } from "./ctx"
import { decideOthers, decideResume, decideSave, isAgreed, totalCharge } from "./decide-save"
import { needsApproval } from "./needs-approval"
import { type Saved, toOutlook } from "./outlook"
import { readState } from "./read-state"
import { capRead, readWaiting } from "./read-waiting"
import { recordChange, settingsJson } from "./record-change"
import { requireFit } from "./require-fit"
import { saveCap } from "./save-cap"
import type { AgreedCharge, SpendCap, TopUpSettings } from "./schema"
import { writeSettings } from "./write-settings"

const NOBODY_DRAWS =
  "The person whose pool this is has left the team, so nobody draws from it. Auto top-up stays off."

type Save = TopUpSettings & {
  poolId: string
  version: number
  /** The team's new cap, and the version that the person saw. */
  cap: SpendCap
  /** The charge that the person was told of. */
  agreedCharge: AgreedCharge | null
}

/**
 * Saves a pool's settings and the team's cap together, for an Owner or Admin. Throws `ConflictError`, with nothing
 * lost, if the person saw another version, and if it would be on for the pool of somebody who has left. Saved on while the pool is low, it begins the top-up in the same
 * transaction, so that the charge is what the person agreed to. Where the team's rule wants a second person, the change
 * only waits for them. Saving unchanged settings changes nothing and records nobody.
 */
export async function saveSettings(ctx: AutoTopUpCtx, save: Save): Promise<Saved> {
  const { team, actor, now } = ctx
  const ref = { teamId: team.id, poolId: save.poolId }
  return ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "auto-top-up:manage")
    await lockTeam(tx, team.id)
    const isPool = await lockPool(tx, ref)
    const cap = await lockCap(tx, team.id)
    if (!isPool || !cap) throw new NotFoundError()
    // A new cap may begin top-ups of other pools. All are locked in one order, so that saves don't deadlock.
    await lockAllSettings(tx, team.id)
    const known = await lockSettings(tx, ref)
    if ((known?.version ?? 0) !== save.version || cap.version !== save.cap.version)
      throw new ConflictError(CHANGED_MEANWHILE)
    const { state, method } = await readState(queryIn(tx), ref, known ?? NEVER_SAVED, cap.capNanos, now)
    if (save.enabled && (await isLeftBehind(tx, team.id, save.poolId))) throw new ConflictError(NOBODY_DRAWS)
    if (save.enabled && !method) throw new InvalidInputError("Add a payment method first.", "paymentMethod")
    await requireFit(tx, ref, { save, cap })
    const { aboveNanos } = await readRule(tx, team.id)
    const [before, after] = [known?.amountNanos ?? null, save.amountNanos]
    const capNanos = save.cap.capNanos
    if (needsApproval(aboveNanos, { ...cap, amountNanos: before }, { amountNanos: after, capNanos })) {
      await askApproval(tx, ctx, toChange(save))
      return { status: "pending" }
    }
    const form = { ...save, capNanos }
    const decision = decideSave(state, form, now)
    const waiting = await readWaiting(queryIn(tx), ref.teamId, await readAlone(tx, capRead(ref)), now)
    const others = decideOthers(waiting, { state, form, decision })
    const paymentMethodId = method?.id ?? null
    if (!isAgreed(totalCharge(decision, others), paymentMethodId, save.agreedCharge))
      return { status: "not_agreed", outlook: toOutlook(state, { paymentMethodId, waiting, asOf: now }) }
    await saveCap(tx, ctx, { known: cap, capNanos })
    await writeSettings(tx, ctx, ref, { known, save })
    await lookAt(tx, ref, now)
    const begun = decision.kind === "charge" ? [await beginTopUp(tx, ref, now)] : []
    for (const { poolId } of others) begun.push(await beginTopUp(tx, { teamId: team.id, poolId }, now))
    return { status: "saved", isCharging: begun.some((topUp) => topUp !== null) }
  })
}

function toChange({ poolId, version, enabled, thresholdNanos, amountNanos, cap }: Save): AskedChange {
  const versions = { settingsVersion: version, capVersion: cap.version }
  return { poolId, enabled, thresholdNanos, amountNanos, capNanos: cap.capNanos, ...versions }
}

type Resume = {
  poolId: string
  /** The charge that the person was told of. */
  agreedCharge: AgreedCharge | null
}

/**
 * Ends a suspension or a pause by hand, so that the same card is charged again. If the pool is low, its top-up begins
 * in the same transaction, and only if the person was told of exactly that charge.
 */
export async function resumeTopUps(ctx: AutoTopUpCtx, { poolId, agreedCharge }: Resume): Promise<Saved> {
  const { team, actor, now } = ctx
  const ref = { teamId: team.id, poolId }
  return ctx.db.$transaction(async (tx) => {
    await requirePermission(tx, { teamId: team.id, memberId: actor.memberId }, "auto-top-up:manage")
    await lockTeam(tx, team.id)
    await lockPool(tx, ref)
    const cap = await lockCap(tx, team.id)
    const settings = await lockSettings(tx, ref)
    if (!cap || !settings) throw new NotFoundError()
    // Somebody else was faster, or another card has ended it.
    if (!settings.suspendedAt && !settings.pausedAt) return { status: "saved", isCharging: false }
    const { state, method } = await readState(queryIn(tx), ref, settings, cap.capNanos, now)
    const decision = decideResume(state, now)
    const paymentMethodId = method?.id ?? null
    if (!isAgreed(totalCharge(decision, []), paymentMethodId, agreedCharge))
      return { status: "not_agreed", outlook: toOutlook(state, { paymentMethodId, waiting: [], asOf: now }) }
    const version = settings.version + 1
    await tx.autoTopUpSettings.update({
      where: { teamId_poolId: ref },
      data: { ...NO_FAILURES, ...NOT_PAUSED, version, allowedByMemberId: actor.memberId, updatedAt: now },
    })
    const before = settingsJson(settings)
    await recordChange(tx, ctx, { poolId, version, before, after: { ...before, resumed: true } })
    await lookAt(tx, ref, now)
    const begun = decision.kind === "charge" ? await beginTopUp(tx, ref, now) : null
    return { status: "saved", isCharging: begun !== null }
  })
}

// A person's save may charge at once. A top-up under way is looked at in any case.
async function lookAt(tx: Tx, ref: PoolRef, now: Date): Promise<void> {
  const query = queryIn(tx)
  await enqueueFall(query, ref)
  await makeDue(query, ref, { cause: "save" }, now)
  await enqueueTopUp(query, ref)
}
