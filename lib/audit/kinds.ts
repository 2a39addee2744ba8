/** The groups of the audit log, by which a reader may filter, in the order of the page. */
export const AUDIT_GROUPS = {
  team: "Team",
  members: "Members",
  billing: "Billing",
  api_keys: "API keys",
  webhooks: "Webhooks",
} as const

export type AuditGroup = keyof typeof AUDIT_GROUPS

type Kind = { group: AuditGroup; deed: string }

/**
 * Every kind of event, as `noun.past_participle`. `deed` is what the page says between who did it and the subject's
 * name, so it reads on: “Ada Marlow *made the API key* CI”. Never rename a kind: the rows stay.
 */
export const AUDIT_KINDS = {
  // Team
  "team.created": { group: "team", deed: "made the team" },
  "team.renamed": { group: "team", deed: "renamed the team to" },
  "team.address_changed": { group: "team", deed: "changed the address of" },
  "team.time_zone_changed": { group: "team", deed: "changed the time zone of" },
  "team.low_balance_changed": { group: "team", deed: "changed the low-balance threshold of" },
  "team.members_see_costs_changed": { group: "team", deed: "changed whether Members see costs in" },
  "team.billing_details_changed": { group: "billing", deed: "changed the billing details of" },
  "team.deleted": { group: "team", deed: "deleted the team" },

  // Members
  "member.role_changed": { group: "members", deed: "changed the role of" },
  "member.removed": { group: "members", deed: "removed" },
  "member.joined": { group: "members", deed: "joined the team as" },
  "ownership.offered": { group: "members", deed: "offered ownership to" },
  "ownership.offer_confirmed": { group: "members", deed: "confirmed the offer of ownership to" },
  "ownership.offer_withdrawn": { group: "members", deed: "withdrew the offer of ownership" },
  "ownership.accepted": { group: "members", deed: "became the Owner instead of" },
  "ownership.declined": { group: "members", deed: "declined ownership" },
  "invitation.sent": { group: "members", deed: "invited" },
  "invitation.resent": { group: "members", deed: "sent the invitation again to" },
  "invitation.revoked": { group: "members", deed: "withdrew the invitation of" },
  "domain.added": { group: "members", deed: "let in everybody with an address at" },
  "domain.removed": { group: "members", deed: "no longer lets in everybody with an address at" },
  "member.left": { group: "members", deed: "left the team as" },
  "member.renamed": { group: "members", deed: "changed the own name to" },
  "member.email_changed": { group: "members", deed: "changed the email address of" },

  // Billing
  "purchase.started": { group: "billing", deed: "started the purchase of" },
  "purchase.cancelled": { group: "billing", deed: "cancelled the purchase of" },
  "payment_method.added": { group: "billing", deed: "added the payment method" },
  "payment_method.default_chosen": { group: "billing", deed: "chose the default payment method" },
  "payment_method.removed": { group: "billing", deed: "removed the payment method" },
  "payment_method.kept": { group: "billing", deed: "couldn’t remove the payment method" },
  "auto_top_up.changed": { group: "billing", deed: "changed auto top-up of" },
  "auto_top_up.resumed": { group: "billing", deed: "resumed auto top-up of" },
  "spend_cap.changed": { group: "billing", deed: "changed the monthly cap" },
  "limit.changed": { group: "billing", deed: "changed the monthly limit of" },
  "limit.removed": { group: "billing", deed: "removed the monthly limit of" },
  "owner_protection.changed": { group: "billing", deed: "changed the protection of the Owner’s credits" },
  "credit_request.made": { group: "billing", deed: "asked for credits:" },
  "credit_request.changed": { group: "billing", deed: "changed what they ask for to" },
  "credit_request.withdrawn": { group: "billing", deed: "withdrew the request for credits of" },
  "credit_request.approved": { group: "billing", deed: "approved the request for credits of" },
  "credit_request.declined": { group: "billing", deed: "declined the request for credits of" },
  "credits.moved": { group: "billing", deed: "moved credits to" },
  "approval_rule.changed": { group: "billing", deed: "changed the approval rule" },
  "approval.requested": { group: "billing", deed: "asked for approval to change" },
  "approval.approved": { group: "billing", deed: "approved the change of" },
  "approval.declined": { group: "billing", deed: "declined the change of" },
  "approval.withdrawn": { group: "billing", deed: "withdrew the change of" },
  "approval.overtaken": { group: "billing", deed: "found overtaken the change of" },
  "plan.checkout_opened": { group: "billing", deed: "opened the checkout of the plan" },
  "plan.changed": { group: "billing", deed: "changed the plan to" },
  "portal.opened": { group: "billing", deed: "opened Stripe’s Customer Portal" },
  "transactions.exported": { group: "billing", deed: "exported transactions of" },
  "reconciliation.requested": { group: "billing", deed: "asked for a check against Stripe" },

  // API keys
  "api_key.created": { group: "api_keys", deed: "made the API key" },
  "api_key.renamed": { group: "api_keys", deed: "renamed the API key" },
  "api_key.rolled": { group: "api_keys", deed: "rolled the API key" },
  "api_key.revoked": { group: "api_keys", deed: "revoked the API key" },

  // Webhooks
  "webhook.created": { group: "webhooks", deed: "added the endpoint" },
  "webhook.events_changed": { group: "webhooks", deed: "changed the events of the endpoint" },
  "webhook.secret_replaced": { group: "webhooks", deed: "replaced the secret of the endpoint" },
  "webhook.turned_on": { group: "webhooks", deed: "turned on the endpoint" },
  "webhook.turned_off": { group: "webhooks", deed: "turned off the endpoint" },
  "webhook.removed": { group: "webhooks", deed: "removed the endpoint" },
  "webhook.test_sent": { group: "webhooks", deed: "sent a test event to" },
  "webhook.event_resent": { group: "webhooks", deed: "sent an event again to" },
} as const satisfies Record<`${string}.${string}`, Kind>

export type AuditKind = keyof typeof AUDIT_KINDS

/** Lists the kinds of a group, in the order of the page. */
export function kindsOf(group: AuditGroup): AuditKind[] {
  return (Object.keys(AUDIT_KINDS) as AuditKind[]).filter((kind) => AUDIT_KINDS[kind].group === group)
}

/** Returns the words of a row between its actor and its subject. Old rows may be of a kind that nobody writes any more. */
export function deedOf(kind: string): string {
  return kind in AUDIT_KINDS ? AUDIT_KINDS[kind as AuditKind].deed : kindName(kind).toLowerCase()
}

/** A kind's name in a list to choose from: `Payment method added`. */
export function kindName(kind: string): string {
  const words = kind.replaceAll(/[._]/g, " ").replace(/^api /, "API ").replace("auto top up", "auto top-up")
  return words.charAt(0).toUpperCase() + words.slice(1)
}
