import { randomUUID } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { prepareTopUp } from "@/dev/testing/auto-top-up"
import { memberCtx } from "@/dev/testing/members"
import { addCard } from "@/dev/testing/payment-methods"
import { buyCredits } from "@/dev/testing/pools"
import { beginRequest } from "@/dev/testing/requests"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { addEndpoint, causeWebhook } from "@/dev/testing/webhook-endpoints"
import { testWorld } from "@/dev/testing/world"
import type { AuditKind } from "@/lib/audit/kinds"
import { startSession } from "@/lib/auth/session"
import { saveRule } from "@/lib/auto-top-up/approval-rule"
import { toPublicId } from "@/lib/ids"
import { confirmOffer, offerOwnership, offerToken } from "@/lib/members/offer-ownership"
import type { ActionResult } from "@/lib/web/action-result"
import { stripeAt } from "@/stand-in/testing"

const world = testWorld()

type Action = (slug: string, input: unknown) => Promise<ActionResult<unknown>>
/** `first` prepares the team and returns the action’s input. */
type Deed = {
  leaves: AuditKind[]
  by?: "admin" | "member"
  first: (team: TestTeam) => Promise<unknown> | unknown
}
type NoDeed = { leavesNothing: string }

/** Nothing is sent to it here. */
const URL = "https://1.1.1.1/hook"
const ownPool = ({ owner }: TestTeam) => toPublicId("pool", owner.poolId)
const call = async (name: string, team: TestTeam, input: unknown) => {
  const answer = await action(name)(team.slug, input)
  if (!answer.ok) throw new Error(`${name}: ${answer.message}`)
  return answer.value
}
const endpointOf = async (team: TestTeam) =>
  toPublicId("whe", (await addEndpoint(world, team, URL)).endpointId)
const keyOf = async (team: TestTeam) =>
  Reflect.get(Object(await call("createApiKey", team, { name: "CI", scopes: ["usage:write"] })), "apiKeyId")
const invitationOf = async (team: TestTeam) => {
  await call("invite", team, { email: `${randomUUID()}@acme.example`, role: "MEMBER" })
  const { id } = await world.db.invitation.findFirstOrThrow({ where: { teamId: team.id } })
  return toPublicId("inv", id)
}
/** Offers ownership to the Admin and returns the input of the mailed link. */
async function offerToAdmin(team: TestTeam) {
  await offerOwnership(memberCtx(world, team, team.owner), { memberId: team.admin.memberId })
  const { id } = await world.db.ownershipOffer.findFirstOrThrow({ where: { teamId: team.id } })
  return { offerId: toPublicId("own", id), token: offerToken({ teamId: team.id, id }) }
}
async function confirmedOffer(team: TestTeam) {
  const { token } = await offerToAdmin(team)
  const { id } = await world.db.ownershipOffer.findFirstOrThrow({ where: { teamId: team.id } })
  await confirmOffer(memberCtx(world, team, team.owner), { offerId: id, token })
  return {}
}
/** Asks for a rule that wants less than the team's. */
const approvalOf = async (team: TestTeam, actor: TestMember) => {
  const ctx = { db: world.db, now: new Date(), team, actor }
  await saveRule(ctx, { version: 0, aboveNanos: 1_000_000_000n })
  await saveRule(ctx, { version: 1, aboveNanos: null })
  const { id } = await world.db.approval.findFirstOrThrow({ where: { teamId: team.id } })
  return { approvalId: toPublicId("apv", id) }
}
/** An open request of the Member. The Owner has enough to give. */
const creditRequestOf = async (team: TestTeam) => {
  await buyCredits(world.db, team, team.owner, 50_000_000_000n)
  const request = { teamId: team.id, memberId: team.member.memberId, reason: "Evals" }
  const { id } = await world.db.creditRequest.create({ data: { ...request, amountNanos: 25_000_000_000n } })
  return toPublicId("creq", id)
}
const purchase = (team: TestTeam) => ({ amount: "25", poolId: ownPool(team), requestKey: randomUUID() })
const settings = { enabled: true, threshold: "10", amount: "50", agreedCharge: null }

/** Every action that a member can call, and the events that it leaves. */
const ACTIONS: Record<string, Deed | NoDeed> = {
  startPurchase: { leaves: ["purchase.started"], first: purchase },
  cancelPurchase: {
    leaves: ["purchase.cancelled"],
    first: async (team) => ({
      purchaseId: Reflect.get(Object(await call("startPurchase", team, purchase(team))), "purchaseId"),
    }),
  },
  confirmPurchase: { leavesNothing: "It only reads at Stripe what became of a purchase." },
  prepareExport: { leaves: ["transactions.exported"], first: (team) => ({ query: `pool=${ownPool(team)}` }) },
  runReconciliation: { leaves: ["reconciliation.requested"], first: () => ({}) },
  startAddingPaymentMethod: { leavesNothing: "It opens an empty form." },
  finishAddingPaymentMethod: {
    leaves: ["payment_method.added"],
    first: async (team) => {
      const begun = await call("startAddingPaymentMethod", team, { requestKey: randomUUID() })
      const [id = ""] = String(Reflect.get(Object(begun), "clientSecret")).split("_secret_")
      await stripeAt(world.stripe.url).setupIntents.confirm(id, { payment_method: "pm_card_visa" })
      return { setupIntentId: id, makeDefault: true }
    },
  },
  setDefaultPaymentMethod: {
    leaves: ["payment_method.default_chosen"],
    first: async (team) => {
      await addCard(world, team)
      return { paymentMethodId: await addCard(world, team, "pm_card_mastercard") }
    },
  },
  removePaymentMethod: {
    leaves: ["payment_method.removed"],
    first: async (team) => ({ paymentMethodId: await addCard(world, team) }),
  },
  startSubscription: { leaves: ["plan.checkout_opened"], first: () => ({ plan: "max", quantity: 3 }) },
  confirmSubscription: { leavesNothing: "It only reads at Stripe what became of a checkout." },
  openPortal: { leaves: ["portal.opened"], first: () => ({ tab: "payments", poolId: null }) },
  saveAutoTopUp: {
    leaves: ["auto_top_up.changed", "spend_cap.changed"],
    first: async (team) => {
      await addCard(world, team)
      const cap = { version: 1, amount: "300" }
      return { ...settings, enabled: false, poolId: ownPool(team), version: 0, cap }
    },
  },
  saveLimit: {
    leaves: ["limit.changed"],
    first: ({ member }) => ({
      subject: { kind: "member", memberId: toPublicId("member", member.memberId) },
      amount: "50",
      refuses: true,
    }),
  },
  removeLimit: {
    leaves: ["limit.removed"],
    first: async ({ id: teamId, member }) => {
      const limit = { teamId, kind: "member", memberId: member.memberId, amountNanos: 1n, isHard: true }
      return { limitId: toPublicId("lim", (await world.db.spendLimit.create({ data: limit })).id) }
    },
  },
  saveProtection: {
    leaves: ["owner_protection.changed"],
    first: () => ({ amount: "100", reserve: "20" }),
  },
  saveApprovalRule: { leaves: ["approval_rule.changed"], first: () => ({ version: 0, above: "100" }) },
  approveChange: {
    leaves: ["approval.approved", "approval_rule.changed"],
    by: "admin",
    first: (team) => approvalOf(team, team.owner),
  },
  declineChange: {
    leaves: ["approval.declined"],
    by: "admin",
    first: (team) => approvalOf(team, team.owner),
  },
  withdrawChange: { leaves: ["approval.withdrawn"], first: (team) => approvalOf(team, team.owner) },
  resumeAutoTopUp: {
    leaves: ["auto_top_up.resumed"],
    first: async (team) => {
      await prepareTopUp(world, team)
      await world.db.autoTopUpSettings.updateMany({
        where: { teamId: team.id },
        data: { pausedAt: new Date(), pausedReason: "dispute", pausedBy: "dp_1" },
      })
      return { poolId: ownPool(team), agreedCharge: null }
    },
  },
  readUsage: { leavesNothing: "It only reads." },
  readAuthentication: { leavesNothing: "It only reads." },
  finishAuthentication: { leavesNothing: "It only reads at Stripe what became of a top-up." },
  createApiKey: { leaves: ["api_key.created"], first: () => ({ name: "CI", scopes: ["usage:write"] }) },
  revokeApiKey: { leaves: ["api_key.revoked"], first: async (team) => ({ apiKeyId: await keyOf(team) }) },
  renameApiKey: {
    leaves: ["api_key.renamed"],
    first: async (team) => ({ apiKeyId: await keyOf(team), name: "Nightly" }),
  },
  rollApiKey: {
    leaves: ["api_key.rolled"],
    first: async (team) => ({ apiKeyId: await keyOf(team), overlapHours: 0 }),
  },
  changeRole: {
    leaves: ["member.role_changed"],
    first: ({ member }) => ({ memberId: toPublicId("member", member.memberId), role: "ADMIN" }),
  },
  removeMember: {
    leaves: ["member.removed"],
    first: ({ member }) => ({ memberId: toPublicId("member", member.memberId), credits: "keep" }),
  },
  offerOwnership: {
    leaves: ["ownership.offered"],
    first: ({ admin }) => ({ memberId: toPublicId("member", admin.memberId) }),
  },
  confirmOffer: { leaves: ["ownership.offer_confirmed"], first: offerToAdmin },
  withdrawOffer: {
    leaves: ["ownership.offer_withdrawn"],
    first: async (team) => offerToAdmin(team).then(() => ({})),
  },
  acceptOwnership: { leaves: ["ownership.accepted"], by: "admin", first: confirmedOffer },
  declineOwnership: { leaves: ["ownership.declined"], by: "admin", first: confirmedOffer },
  requestCredits: {
    leaves: ["credit_request.made"],
    by: "member",
    first: () => ({ amount: "25", reason: "Evals", changes: null }),
  },
  withdrawRequest: {
    leaves: ["credit_request.withdrawn"],
    by: "member",
    first: async (team) => ({ requestId: await creditRequestOf(team) }),
  },
  approveRequest: {
    leaves: ["credit_request.approved"],
    first: async (team) => ({ requestId: await creditRequestOf(team), amount: "20" }),
  },
  declineRequest: {
    leaves: ["credit_request.declined"],
    first: async (team) => ({ requestId: await creditRequestOf(team), word: "Not this month" }),
  },
  moveCredits: {
    leaves: ["credits.moved"],
    first: async (team) => {
      await buyCredits(world.db, team, team.owner, 50_000_000_000n)
      const to = { kind: "pool", poolId: toPublicId("pool", team.member.poolId) }
      return { fromPoolId: ownPool(team), to, amount: "20", requestKey: randomUUID() }
    },
  },
  leaveTeam: { leaves: ["member.left"], by: "admin", first: () => ({}) },
  invite: {
    leaves: ["invitation.sent"],
    first: () => ({ email: `${randomUUID()}@acme.example`, role: "ADMIN" }),
  },
  resendInvitation: {
    leaves: ["invitation.resent"],
    first: async (team) => ({ invitationId: await invitationOf(team) }),
  },
  revokeInvitation: {
    leaves: ["invitation.revoked"],
    first: async (team) => ({ invitationId: await invitationOf(team) }),
  },
  allowDomain: { leaves: ["domain.added"], first: () => ({ domain: "example.com" }) },
  disallowDomain: {
    leaves: ["domain.removed"],
    first: async (team) => {
      await call("allowDomain", team, { domain: "example.com" })
      return { domain: "example.com" }
    },
  },
  renameTeam: { leaves: ["team.renamed"], first: () => ({ name: "Fabrikam" }) },
  changeSlug: {
    leaves: ["team.address_changed"],
    first: () => ({ slug: `fabrikam-${randomUUID().slice(0, 8)}` }),
  },
  saveTeamTimeZone: { leaves: ["team.time_zone_changed"], first: () => ({ timeZone: "Europe/Berlin" }) },
  saveLowBalance: { leaves: ["team.low_balance_changed"], first: () => ({ threshold: "12" }) },
  saveMembersSeeCosts: {
    leaves: ["team.members_see_costs_changed"],
    first: () => ({ seesCosts: true }),
  },
  saveBillingDetails: {
    leaves: ["team.billing_details_changed"],
    first: () => {
      const address = { line1: "", line2: "", city: "", state: "", postalCode: "", country: "" }
      return { email: "", company: "Fabrikam GmbH", ...address, taxIdType: "", taxIdValue: "" }
    },
  },
  deleteTeam: { leaves: ["team.deleted"], first: ({ name }) => ({ name }) },
  createEndpoint: { leaves: ["webhook.created"], first: () => ({ url: URL, types: ["credit_refunded"] }) },
  saveEndpointTypes: {
    leaves: ["webhook.events_changed"],
    first: async (team) => ({ endpointId: await endpointOf(team), types: ["credit_refunded"] }),
  },
  rotateEndpointSecret: {
    leaves: ["webhook.secret_replaced"],
    first: async (team) => ({ endpointId: await endpointOf(team) }),
  },
  setEndpointEnabled: {
    leaves: ["webhook.turned_off"],
    first: async (team) => ({ endpointId: await endpointOf(team), enabled: false }),
  },
  removeEndpoint: {
    leaves: ["webhook.removed"],
    first: async (team) => ({ endpointId: await endpointOf(team) }),
  },
  sendTestEvent: {
    leaves: ["webhook.test_sent"],
    first: async (team) => ({ endpointId: await endpointOf(team) }),
  },
  redeliverEvent: {
    leaves: ["webhook.event_resent"],
    first: async (team) => {
      await endpointOf(team)
      await causeWebhook(world, team)
      const { id } = await world.db.webhookDelivery.findFirstOrThrow({ where: { teamId: team.id } })
      return { deliveryId: toPublicId("msg", id) }
    },
  },
  markRead: { leavesNothing: "A person reads their own bell." },
  savePreference: { leavesNothing: "A person chooses how they are told, and nobody else." },
}

const FILES = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
  .map((path) => join(import.meta.dirname, path))
  .filter((path) => readFileSync(path, "utf8").startsWith('"use server"'))
const actions = new Map<string, Action>()
const action = (name: string): Action => {
  const found = actions.get(name)
  if (!found) throw new Error(`There is no action ${name}`)
  return found
}

beforeAll(async () => {
  for (const path of FILES) {
    const names = [...readFileSync(path, "utf8").matchAll(/^export const (\w+) = memberAction\(/gm)]
    const file: Record<string, Action> = await import(path)
    for (const [, name = ""] of names) if (file[name]) actions.set(name, file[name])
  }
})
beforeEach(() => beginRequest())
afterEach(() => world.stripe.control.reset())

test("every action that a member can call says what it leaves in the audit log, or why nothing", () => {
  expect([...actions.keys()].sort()).toEqual(Object.keys(ACTIONS).sort())
})

const deeds = Object.entries(ACTIONS).flatMap(([name, each]) => ("leaves" in each ? [{ name, ...each }] : []))

test.each(deeds)("$name leaves who did it, and from where", async ({ name, leaves, by, first }) => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const actor = team[by ?? "owner"]
  await startSession(actor.userId)
  const input = await first(team)
  const where = { teamId: team.id }
  const before = (await world.db.auditEvent.findMany({ where })).map(({ id }) => id)
  await call(name, team, input)
  const rows = await world.db.auditEvent.findMany({ where: { ...where, id: { notIn: before } } })
  expect(rows.map(({ kind }) => kind).sort()).toEqual(leaves.toSorted())
  for (const row of rows)
    expect(row).toMatchObject({
      actorKind: "member",
      memberId: actor.memberId,
      actorEmail: actor.email,
    })
})

test("a deed that is refused, or changes nothing, leaves nothing", async () => {
  const team = await createTestTeam(world.db)
  await startSession(team.member.userId)
  expect(await action("createApiKey")(team.slug, { name: "CI", scopes: ["usage:write"] })).toMatchObject({
    ok: false,
  })
  await startSession(team.owner.userId)
  const { apiKeyId } = Object(await call("createApiKey", team, { name: "CI", scopes: ["usage:write"] }))
  await call("revokeApiKey", team, { apiKeyId })
  await call("revokeApiKey", team, { apiKeyId })
  const endpointId = await endpointOf(team)
  await call("saveEndpointTypes", team, { endpointId, types: ["credit_balance_low"] })
  await call("setEndpointEnabled", team, { endpointId, enabled: true })
  const rows = await world.db.auditEvent.findMany({ where: { teamId: team.id } })
  expect(rows.map(({ kind }) => kind).sort()).toEqual([
    "api_key.created",
    "api_key.revoked",
    "webhook.created",
  ])
})
