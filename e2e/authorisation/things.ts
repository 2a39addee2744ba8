import { createTestApiKey } from "@/dev/testing/api-keys"
import { addCard, customerOf } from "@/dev/testing/payment-methods"
import { startTestPurchase } from "@/dev/testing/purchases"
import type { TestTeam } from "@/dev/testing/teams"
import { hashToken, newToken } from "@/lib/auth/token"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { newId, toPublicId } from "@/lib/ids"
import { beginOf } from "@/lib/statements/month"
import type { ControlClient } from "@/stand-in/control/client"
import { stripeAt } from "@/stand-in/testing"
import { expect } from "../fixtures"
import { methodWorld } from "../pages/payment-methods-page"

/** Public ids of everything that a team has and an address or an action can name. */
export type Things = Record<
  | "approval"
  | "month"
  | "pool"
  | "member"
  | "purchase"
  | "key"
  | "endpoint"
  | "delivery"
  | "invitation"
  | "limit"
  | "creditRequest"
  | "checkout"
  | "invoice"
  | "card"
  | "setup"
  | "export",
  string
>

/** Gives the team one of each. */
export async function makeThings(db: Db, stripe: ControlClient, team: TestTeam): Promise<Things> {
  const world = methodWorld(db)
  const { endpointId, deliveryId } = await makeEndpoint(db, team)
  const key = await createTestApiKey(db, team)
  const limit = await db.spendLimit.create({
    data: { teamId: team.id, kind: "api_key", apiKeyId: key.id, amountNanos: 1n, isHard: false },
  })
  const { id: creditRequestId } = await db.creditRequest.create({
    data: { teamId: team.id, memberId: team.member.memberId, amountNanos: 25_000_000_000n, reason: "Evals" },
  })
  const card = await addCard(world, team)
  const setup = await stripeAt(world.stripe.url).setupIntents.create({
    customer: await customerOf(world, team),
    confirm: true,
    payment_method: "pm_card_amex",
    return_url: "http://localhost:3000/",
  })
  const { purchaseId, checkout, invoice } = await buy(db, stripe, team)
  return {
    approval: toPublicId("apv", await makeApproval(db, team)),
    month: await makeStatement(db, team),
    pool: toPublicId("pool", team.owner.poolId),
    member: toPublicId("member", team.member.memberId),
    purchase: toPublicId("pur", purchaseId),
    key: key.publicId,
    invitation: toPublicId("inv", await makeInvitation(db, team)),
    limit: toPublicId("lim", limit.id),
    creditRequest: toPublicId("creq", creditRequestId),
    endpoint: toPublicId("whe", endpointId),
    delivery: toPublicId("msg", deliveryId),
    checkout,
    invoice,
    card,
    setup: setup.id,
    export: await makeExport(db, team),
  }
}

/** A prepared export. Returns its id with the secret of its link, as an address has them. */
async function makeExport(db: Db, { id: teamId, owner }: TestTeam): Promise<string> {
  const [id, token, now] = [newId(), newToken(), new Date()]
  const asked = { teamId, id, poolId: owner.poolId, memberId: owner.memberId, query: "", createdAt: now }
  const ready = { tokenHash: hashToken(token), expiresAt: new Date(now.getTime() + DAY_MS) }
  await db.export.create({ data: { ...asked, ...ready, upTo: 9n, expectedRows: 1n } })
  return `${toPublicId("exp", id)}?key=${token}`
}

/** An endpoint that is turned off, so that nothing is sent to it. */
async function makeEndpoint(db: Db, team: TestTeam) {
  const [endpointId, deliveryId, createdAt] = [newId(), newId(), new Date()]
  const of = { teamId: team.id, createdAt }
  await db.webhookEndpoint.create({
    data: {
      ...of,
      id: endpointId,
      url: "https://1.1.1.1/hook",
      types: ["credit_balance_low"],
      secret: "unread",
      createdByMemberId: team.owner.memberId,
      disabledReason: "by_hand",
    },
  })
  const told = { type: "test", body: "{}", status: "cancelled" as const, settledAt: createdAt }
  await db.webhookDelivery.create({
    data: { ...of, ...told, id: deliveryId, endpointId, nextTryAt: createdAt },
  })
  return { endpointId, deliveryId }
}

let statements = 0

/** A statement of a month of which no other team has one. Returns the month. */
async function makeStatement(db: Db, { id: teamId, name }: TestTeam): Promise<string> {
  const month = `${2000 + statements++}-01`
  const told = { teamName: name, recipient: { lines: [name] }, provider: { lines: ["Example Ltd"] } }
  await db.statement.create({
    data: { teamId, month: beginOf(month), no: 1, ...told, createdAt: new Date() },
  })
  return month
}

/** A change of the approval rule that waits. */
async function makeApproval(db: Db, { id: teamId, owner }: TestTeam): Promise<string> {
  const [id, now] = [newId(), new Date()]
  const asked = { askedByMemberId: owner.memberId, askedAt: now, expiresAt: new Date(now.getTime() + DAY_MS) }
  await db.approval.create({ data: { teamId, id, ruleVersion: 1, ...asked } })
  return id
}

/** Invites a person, without a mail. Returns the invitation's id. */
export async function makeInvitation(
  db: Db,
  team: TestTeam,
  email = `${newId()}@example.com`,
): Promise<string> {
  const id = newId()
  const expiresAt = new Date(Date.now() + DAY_MS)
  const invited = { email, role: "ADMIN" as const, tokenHash: hashToken(newToken()), expiresAt }
  await db.invitation.create({
    data: { teamId: team.id, id, ...invited, invitedByMemberId: team.owner.memberId },
  })
  return id
}

/** A purchase that was paid, credited and invoiced, as far as the product has heard of it. */
async function buy(db: Db, stripe: ControlClient, team: TestTeam) {
  const { ref, sessionId } = await startTestPurchase({ db }, team)
  await stripe.pay(sessionId)
  const where = { teamId: team.id, purchaseId: ref.purchaseId }
  await expect.poll(() => db.invoice.count({ where })).toBe(1)
  const { id: invoice } = await db.invoice.findFirstOrThrow({ where })
  return { purchaseId: ref.purchaseId, checkout: sessionId, invoice }
}
