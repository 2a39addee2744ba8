import { resumeTopUps, saveSettings } from "@/lib/auto-top-up/save-settings"
import { db } from "@/lib/db/client"
import { isPassingFailure } from "@/lib/db/failures"
import { AppError } from "@/lib/errors"
import { fromPublicId } from "@/lib/ids"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import { setDefault } from "@/lib/payment-methods/set-default"
import { syncPaymentMethods } from "@/lib/payment-methods/sync-payment-methods"
import { cancelPurchase } from "@/lib/purchases/cancel-purchase"
import { confirmPurchase } from "@/lib/purchases/confirm-purchase"
import type { PurchaseRef } from "@/lib/purchases/find-purchase"
import { startPurchase } from "@/lib/purchases/start-purchase"
import { saveInput } from "../../testing/auto-top-up"
import type { Buyer, ChaosTeam } from "./teams"

/* Plays the app's server actions, which a script can't call: the same use cases in a separate process, which is
   killed as the app is. */

export type StartOrder = {
  do: "start"
  team: Pick<ChaosTeam, "id" | "slug" | "name">
  buyer: Buyer
  poolId: string
  cents: number
  requestKey: string
  /** Stands for the request's address. */
  address: string
}
export type LookOrder = { do: "confirm" | "cancel"; ref: PurchaseRef }
/** An Owner's or Admin's action on the Billing page about a pool with auto top-up. */
export type TopUpOrder = {
  do: "save" | "resume" | "use card"
  team: Pick<ChaosTeam, "id" | "slug" | "name">
  actor: Buyer
  poolId: string
  /** For `use card`: the method that pays from now on. */
  paymentMethodId?: string
}
export type Order = StartOrder | LookOrder | TopUpOrder
export type Started = { ref: PurchaseRef; publicId: string; sessionId: string }
/** `again`: a person who is told so tries again. Anything else isn't expected to go wrong. */
export type Reply = { ok: unknown } | { again: "conflict" | "unavailable" } | { broken: string }

async function follow(order: Order): Promise<unknown> {
  const ctx = { db: db(), now: new Date() }
  if (order.do === "start") return start(order)
  if ("actor" in order) return manage(order)
  const { status } = await (order.do === "confirm"
    ? confirmPurchase(ctx, order.ref)
    : cancelPurchase({ ...ctx, actor: { kind: "system" } }, order.ref))
  return status
}

async function manage({ do: what, team, actor, poolId, paymentMethodId = "" }: TopUpOrder): Promise<void> {
  const ctx = { db: db(), now: new Date(), team, actor }
  const agreed = await saveInput(ctx, { id: team.id, owner: actor }, { poolId })
  if (what === "resume") {
    await resumeTopUps(ctx, { poolId, agreedCharge: agreed.agreedCharge })
    return
  }
  if (what === "use card") {
    await syncPaymentMethods(ctx, team.id)
    return setDefault(ctx, { paymentMethodId })
  }
  await saveSettings(ctx, agreed)
}

async function start({ team, buyer, poolId, address, cents, requestKey }: StartOrder): Promise<Started> {
  const ctx = { db: db(), now: new Date() }
  const { purchaseId: publicId } = await startPurchase(
    { ...ctx, appUrl: process.env.APP_URL ?? "", team, actor: { ...buyer, address } },
    {
      amountNanos: BigInt(cents) * NANOS_PER_CENT,
      poolId,
      requestKey,
    },
  )
  const id = fromPublicId("pur", publicId) ?? ""
  const { checkoutSessionId } = await ctx.db.purchase.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id } },
  })
  return {
    ref: { teamId: team.id, purchaseId: id },
    publicId,
    sessionId: checkoutSessionId ?? "",
  }
}

async function reply(order: Order): Promise<Reply> {
  try {
    return { ok: await follow(order) }
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") return { again: "conflict" }
    if (error instanceof AppError && error.code === "unavailable") return { again: "unavailable" }
    if (isPassingFailure(error)) return { again: "unavailable" }
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on("message", ({ id, order }: { id: number; order: Order }) => {
  void reply(order).then((answer) => process.send?.({ id, ...answer }))
})
// The process that started this one is gone.
process.on("disconnect", () => process.exit())
process.send?.({ ready: true })
