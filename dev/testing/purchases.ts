import { randomUUID } from "node:crypto"
import type { Db } from "@/lib/db/client"
import { fromPublicId } from "@/lib/ids"
import type { PurchaseRef } from "@/lib/purchases/find-purchase"
import { type PurchaseCtx, startPurchase } from "@/lib/purchases/start-purchase"
import { usd } from "./ledger"
import type { TestMember, TestTeam } from "./teams"
import type { World } from "./world"

type Asked = {
  actor?: TestMember
  address?: string
  now?: Date
  db?: Db
  amountNanos?: bigint
  poolId?: string
  requestKey?: string
}

/** Requests a purchase as the team's Owner does for their own pool, unless told otherwise. */
export function askForPurchase(world: { db: Db }, team: TestTeam, asked: Asked = {}) {
  const actor = asked.actor ?? team.owner
  const ctx: PurchaseCtx = {
    db: asked.db ?? world.db,
    now: asked.now ?? new Date(),
    appUrl: "http://localhost:3000",
    team,
    actor: {
      memberId: actor.memberId,
      userId: actor.userId,
      email: actor.email,
      address: asked.address ?? `address of ${team.id}`,
    },
  }
  return startPurchase(ctx, {
    amountNanos: asked.amountNanos ?? usd(25),
    poolId: asked.poolId ?? team.owner.poolId,
    requestKey: asked.requestKey ?? randomUUID(),
  })
}

export type TestPurchase = { ref: PurchaseRef; publicId: string; sessionId: string; customerId: string }

/** Starts a purchase whose checkout is open. */
export async function startTestPurchase(
  world: { db: Db },
  team: TestTeam,
  asked: Asked = {},
): Promise<TestPurchase> {
  const { purchaseId: publicId } = await askForPurchase(world, team, asked)
  const purchaseId = fromPublicId("pur", publicId)
  if (!purchaseId) throw new Error("A purchase has a public id")
  const ref = { teamId: team.id, purchaseId }
  const { checkoutSessionId } = await readPurchase(world, ref)
  const { id: customerId } = await world.db.stripeCustomer.findFirstOrThrow({ where: { teamId: team.id } })
  if (!checkoutSessionId) throw new Error("The checkout is not open")
  return { ref, publicId, sessionId: checkoutSessionId, customerId }
}

export function readPurchase(world: { db: Db }, { teamId, purchaseId }: PurchaseRef) {
  return world.db.purchase.findUniqueOrThrow({ where: { teamId_id: { teamId, id: purchaseId } } })
}

/** Pays a checkout and returns the id of its payment. */
export async function payCheckout(world: World, sessionId: string): Promise<string> {
  const { session } = await world.stripe.control.pay(sessionId)
  if (typeof session.payment_intent !== "string") throw new Error("A paid checkout has a payment")
  return session.payment_intent
}

/** Counts the team's checkouts that Stripe has really opened, without repeated answers. */
export async function countOpenedCheckouts(world: World, team: { id: string }): Promise<number> {
  const customer = await world.db.stripeCustomer.findFirst({ where: { teamId: team.id } })
  if (!customer) return 0
  const { data } = await world.stripe.control.requests({
    method: "POST",
    path: "/v1/checkout/sessions",
    customer: customer.id,
  })
  return data.filter((call) => call.path === "/v1/checkout/sessions" && call.status === 200 && !call.replayed)
    .length
}

/** A database whose transactions fail before they begin, after the first few, as if the process had died there. */
export function crashAfter(db: Db, transactions: number): Db {
  let left = transactions
  return new Proxy(db, {
    get(target, key) {
      if (key === "$transaction" && left-- <= 0) throw new Error("The process ended here")
      const value: unknown = Reflect.get(target, key)
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}
