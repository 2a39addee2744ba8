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

  // Members

  // Billing

  // API keys
  "api_key.created": { group: "api_keys", deed: "made the API key" },
  "api_key.revoked": { group: "api_keys", deed: "revoked the API key" },

  // Webhooks
} as const satisfies Record<`${string}.${string}`, Kind>

export type AuditKind = keyof typeof AUDIT_KINDS
