import { newId, toPublicId } from "@/lib/ids"
import type { Things } from "./things"

type Role = "OWNER" | "ADMIN" | "MEMBER"

const ALL: Role[] = ["OWNER", "ADMIN", "MEMBER"]
const MANAGERS: Role[] = ["OWNER", "ADMIN"]
const OWNER: Role[] = ["OWNER"]

/** A page of a team that these roles may open. For everybody else it doesn't exist. */
type TeamPage = {
  roles: Role[]
  /** Its address below the team's, with a thing of the team where it needs one. */
  path?: (own: Things) => string
  /** Addresses that name another team's things, or a thing that nobody has. */
  foreign?: ((theirs: Things) => string)[]
}
/** `people`: leads to sign-in without a session. `everybody`: has nothing of a team. */
type OtherPage = "people" | "everybody"

/** Every page of the app, by its folder. Written out on purpose: a new page has to say whom it is for. */
export const PAGES: Record<string, TeamPage | OtherPage> = {
  "/": "people",
  "/sign-in": "everybody",
  "/sign-in/check-your-email": "everybody",
  "/sign-in/link": "everybody",
  "/invitation": "everybody",
  "/outbox": "everybody",
  "/unsubscribe": "everybody",
  "/account": "people",
  "/account/email": "people",
  "/sessions": "people",
  "/teams": "people",
  "/reference": "everybody",
  "/reference/[...path]": "everybody",
  "/reference/api-and-sdk": "everybody",
  "/reference/api-and-sdk/troubleshooting": "everybody",
  "/reference/api-and-sdk/troubleshooting/errors": "everybody",
  "/reference/api-and-sdk/troubleshooting/errors/[code]": "everybody",
  "/reference/api-and-sdk/troubleshooting/errors/insufficient-credits": "everybody",
  "/reference/api-and-sdk/webhooks": "everybody",
  "/reference/billing": "everybody",
  "/reference/billing/add-on-credits": "everybody",
  "/reference/billing/who-pays": "everybody",
  "/reference/rates": "everybody",

  "/[team]": { roles: ALL },
  "/[team]/settings/account/billing": {
    roles: ALL,
    // A Member's billing page is about their own pool, whatever the address says.
    foreign: [({ pool }) => `?pool=${pool}`],
  },
  "/[team]/settings/account/billing/auto-top-up": {
    roles: MANAGERS,
    foreign: [({ pool }) => `?pool=${pool}`],
  },
  "/[team]/settings/account/billing/exports/[id]": {
    roles: MANAGERS,
    path: ({ export: link }) => `/settings/account/billing/exports/${link}`,
    foreign: [({ export: link }) => `/settings/account/billing/exports/${link}`],
  },
  "/[team]/settings/account/billing/invoices/[id]": {
    roles: MANAGERS,
    path: ({ invoice }) => `/settings/account/billing/invoices/${invoice}`,
    foreign: [({ invoice }) => `/settings/account/billing/invoices/${invoice}`],
  },
  "/[team]/settings/account/billing/payments": {
    roles: MANAGERS,
    foreign: [({ pool }) => `?pool=${pool}`],
  },
  "/[team]/settings/account/billing/plan": {
    roles: MANAGERS,
    foreign: [({ pool }) => `?pool=${pool}`],
  },
  "/[team]/settings/account/billing/plan-return": { roles: MANAGERS },
  "/[team]/settings/account/billing/reconciliation": { roles: OWNER },
  "/[team]/settings/account/billing/return": {
    roles: MANAGERS,
    path: ({ checkout }) => `/settings/account/billing/return?session_id=${checkout}`,
    foreign: [({ checkout }) => `?session_id=${checkout}`],
  },
  "/[team]/settings/account/billing/statements": { roles: MANAGERS },
  "/[team]/settings/account/billing/statements/[month]": {
    roles: MANAGERS,
    path: ({ month }) => `/settings/account/billing/statements/${month}`,
    foreign: [({ month }) => `/settings/account/billing/statements/${month}`],
  },
  "/[team]/settings/account/billing/transactions": {
    roles: MANAGERS,
    foreign: [({ pool }) => `?pool=${pool}`],
  },
  "/[team]/settings/account/billing/usage": {
    roles: ALL,
    foreign: [({ pool }) => `?pool=${pool}`, ({ member }) => `?member=${member}`],
  },
  "/[team]/settings/api-keys": { roles: MANAGERS },
  "/[team]/settings/audit-log": { roles: MANAGERS, foreign: [({ member }) => `?person=${member}`] },
  "/[team]/settings/general": { roles: MANAGERS },
  "/[team]/settings/limits": { roles: MANAGERS },
  "/[team]/settings/members": { roles: MANAGERS },
  "/[team]/settings/members/ownership": { roles: OWNER },
  "/[team]/settings/notifications": { roles: ALL },
  "/[team]/settings/profile": { roles: ALL },
  "/[team]/settings/sessions": { roles: ALL },
  "/[team]/settings/webhooks": { roles: MANAGERS },
  "/[team]/settings/webhooks/[endpoint]": {
    roles: MANAGERS,
    path: ({ endpoint }) => `/settings/webhooks/${endpoint}`,
    foreign: [({ endpoint }) => `/settings/webhooks/${endpoint}`],
  },
}

/** An action of a team, which these roles may call. */
type TeamAction = {
  roles: Role[]
  /** Input that names things, for calls with another team's. Null for an action that names none. */
  input: ((things: Things) => object) | null
}
/** `person`: needs a session. `open`: asks by itself where a request comes from. */
type OtherAction = "person" | "open"

const settings = { version: 0, enabled: false, threshold: "10", amount: "50", agreedCharge: null }

/** Every server action. Written out on purpose: a new action has to say whom it obeys. */
export const ACTIONS: Record<string, TeamAction | OtherAction> = {
  continueAs: "open",
  continueWith: "open",
  createTeam: "open",
  sendSignInLink: "open",
  signInByLink: "open",
  signOut: "open",
  acceptInvitation: "person",
  cancelEmailChange: "person",
  confirmEmailChange: "person",
  deleteAccount: "person",
  endSession: "person",
  joinByDomain: "person",
  listOwnTeams: "person",
  renamePerson: "person",
  requestEmailChange: "person",
  saveDisplay: "person",
  signOutEverywhere: "person",

  startPurchase: {
    roles: MANAGERS,
    input: ({ pool }) => ({ amount: "25", poolId: pool, requestKey: crypto.randomUUID() }),
  },
  confirmPurchase: { roles: MANAGERS, input: ({ purchase }) => ({ purchaseId: purchase }) },
  cancelPurchase: { roles: MANAGERS, input: ({ purchase }) => ({ purchaseId: purchase }) },
  runReconciliation: { roles: OWNER, input: null },
  prepareExport: { roles: MANAGERS, input: ({ pool }) => ({ query: `pool=${pool}` }) },
  startAddingPaymentMethod: { roles: MANAGERS, input: null },
  finishAddingPaymentMethod: {
    roles: MANAGERS,
    input: ({ setup }) => ({ setupIntentId: setup, makeDefault: true }),
  },
  setDefaultPaymentMethod: { roles: MANAGERS, input: ({ card }) => ({ paymentMethodId: card }) },
  removePaymentMethod: { roles: MANAGERS, input: ({ card }) => ({ paymentMethodId: card }) },
  startSubscription: { roles: OWNER, input: null },
  confirmSubscription: { roles: OWNER, input: null },
  // It only comes back to the pool, and the page then asks whose it is.
  openPortal: { roles: MANAGERS, input: null },
  saveAutoTopUp: {
    roles: MANAGERS,
    input: ({ pool }) => ({ ...settings, poolId: pool, cap: { version: 1, amount: "200" } }),
  },
  saveApprovalRule: { roles: MANAGERS, input: null },
  approveChange: { roles: MANAGERS, input: ({ approval }) => ({ approvalId: approval }) },
  declineChange: { roles: MANAGERS, input: ({ approval }) => ({ approvalId: approval }) },
  withdrawChange: { roles: MANAGERS, input: ({ approval }) => ({ approvalId: approval }) },
  resumeAutoTopUp: { roles: MANAGERS, input: ({ pool }) => ({ poolId: pool, agreedCharge: null }) },
  readUsage: { roles: MANAGERS, input: ({ pool }) => ({ poolId: pool }) },
  readAuthentication: { roles: MANAGERS, input: ({ pool }) => ({ poolId: pool }) },
  finishAuthentication: { roles: MANAGERS, input: ({ pool }) => ({ poolId: pool }) },

  // Its own open request is the only one that a Member can name.
  requestCredits: { roles: ["MEMBER"], input: null },
  withdrawRequest: { roles: ALL, input: ({ creditRequest }) => ({ requestId: creditRequest }) },
  approveRequest: {
    roles: MANAGERS,
    input: ({ creditRequest }) => ({ requestId: creditRequest, amount: "5" }),
  },
  declineRequest: {
    roles: MANAGERS,
    input: ({ creditRequest }) => ({ requestId: creditRequest, word: null }),
  },
  moveCredits: {
    roles: OWNER,
    input: ({ pool }) => ({
      fromPoolId: pool,
      to: { kind: "pool", poolId: pool },
      amount: "5",
      requestKey: crypto.randomUUID(),
    }),
  },

  createApiKey: { roles: MANAGERS, input: null },
  renameApiKey: { roles: MANAGERS, input: ({ key }) => ({ apiKeyId: key, name: "Mine" }) },
  rollApiKey: { roles: MANAGERS, input: ({ key }) => ({ apiKeyId: key, overlapHours: 0 }) },
  revokeApiKey: { roles: MANAGERS, input: ({ key }) => ({ apiKeyId: key }) },

  changeRole: { roles: MANAGERS, input: ({ member }) => ({ memberId: member, role: "ADMIN" }) },
  removeMember: { roles: MANAGERS, input: ({ member }) => ({ memberId: member, credits: "move" }) },
  offerOwnership: { roles: OWNER, input: ({ member }) => ({ memberId: member }) },
  // The mailed link's signature names the offer.
  confirmOffer: { roles: OWNER, input: null },
  withdrawOffer: { roles: OWNER, input: null },
  acceptOwnership: { roles: ["ADMIN", "MEMBER"], input: null },
  declineOwnership: { roles: ["ADMIN", "MEMBER"], input: null },
  invite: { roles: MANAGERS, input: null },
  resendInvitation: { roles: MANAGERS, input: ({ invitation }) => ({ invitationId: invitation }) },
  revokeInvitation: { roles: MANAGERS, input: ({ invitation }) => ({ invitationId: invitation }) },
  allowDomain: { roles: OWNER, input: null },
  disallowDomain: { roles: OWNER, input: null },
  leaveTeam: { roles: ALL, input: null },

  renameTeam: { roles: MANAGERS, input: null },
  changeSlug: { roles: MANAGERS, input: null },
  saveTeamTimeZone: { roles: MANAGERS, input: null },
  saveLowBalance: { roles: MANAGERS, input: null },
  saveMembersSeeCosts: { roles: MANAGERS, input: null },
  saveBillingDetails: { roles: MANAGERS, input: null },
  deleteTeam: { roles: OWNER, input: null },

  saveLimit: {
    roles: MANAGERS,
    input: ({ member }) => ({ subject: { kind: "member", memberId: member }, amount: "50", refuses: true }),
  },
  removeLimit: { roles: MANAGERS, input: ({ limit }) => ({ limitId: limit }) },
  saveProtection: { roles: MANAGERS, input: null },

  createEndpoint: { roles: MANAGERS, input: null },
  saveEndpointTypes: {
    roles: MANAGERS,
    input: ({ endpoint }) => ({ endpointId: endpoint, types: ["credit_refunded"] }),
  },
  rotateEndpointSecret: { roles: MANAGERS, input: ({ endpoint }) => ({ endpointId: endpoint }) },
  setEndpointEnabled: {
    roles: MANAGERS,
    input: ({ endpoint }) => ({ endpointId: endpoint, enabled: false }),
  },
  removeEndpoint: { roles: MANAGERS, input: ({ endpoint }) => ({ endpointId: endpoint }) },
  sendTestEvent: { roles: MANAGERS, input: ({ endpoint }) => ({ endpointId: endpoint }) },
  redeliverEvent: { roles: MANAGERS, input: ({ delivery }) => ({ deliveryId: delivery }) },

  // Ids of notifications that aren't one's own are left alone, in silence.
  markRead: { roles: ALL, input: null },
  savePreference: { roles: ALL, input: null },
}

/** A route handler that obeys a session, and its answer to those who have no part in it. */
type TeamRoute = { roles: Role[]; refused: number; path?: (own: Things) => string }

/** Every route handler. `own`: no session counts there, and the tests named beside it hold who is let in. */
export const ROUTES: Record<string, TeamRoute | { own: string }> = {
  "/api/auth/[...nextauth]": { own: "lib/auth/handler.db.test.ts" },
  "/api/health": { own: "e2e/edges.spec.ts" },
  "/api/teams/[team]/audit-log": { roles: MANAGERS, refused: 404 },
  "/api/teams/[team]/exports": {
    roles: MANAGERS,
    refused: 404,
    path: ({ export: link }) => `/api/teams/[team]/exports?id=${link.replace("?", "&")}`,
  },
  "/api/teams/[team]/live": { roles: ALL, refused: 204 },
  "/api/teams/[team]/search": { roles: ALL, refused: 404 },
  "/api/teams/[team]/statements/[file]": {
    roles: MANAGERS,
    refused: 404,
    path: ({ month }) => `/api/teams/[team]/statements/${month}.csv`,
  },
  "/api/teams/[team]/transactions": { roles: MANAGERS, refused: 404 },
  "/api/unsubscribe": { own: "e2e/notifications.spec.ts" },
  "/api/v1/[[...route]]": { own: "lib/api/access.db.test.ts" },
  "/api/webhooks/stripe": { own: "lib/web/stripe-webhook-refused.db.test.ts" },
}

/** Ids of the right kind that nobody has. */
export function unknownThings(): Things {
  return {
    approval: toPublicId("apv", newId()),
    month: "1999-01",
    pool: toPublicId("pool", newId()),
    member: toPublicId("member", newId()),
    purchase: toPublicId("pur", newId()),
    key: toPublicId("key", newId()),
    endpoint: toPublicId("whe", newId()),
    invitation: toPublicId("inv", newId()),
    limit: toPublicId("lim", newId()),
    creditRequest: toPublicId("creq", newId()),
    delivery: toPublicId("msg", newId()),
    checkout: "cs_test_nobody",
    invoice: "in_nobody",
    card: "pm_nobody",
    setup: "seti_nobody",
    export: `${toPublicId("exp", newId())}?key=nobodys`,
  }
}
