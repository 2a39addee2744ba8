/** The permissions of a key. Every list of scopes, stored or shown, keeps this order. */
export const API_KEY_SCOPES = [
  "usage:write",
  "usage:reverse",
  "usage:read",
  "balance:read",
  "transactions:read",
  "statements:read",
  "agent:run",
] as const

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number]

/** The scope in words: a short title, and a sentence that says what it allows. */
export const SCOPE_WORDS: Record<ApiKeyScope, { title: string; sentence: string }> = {
  "usage:write": {
    title: "Report usage",
    sentence:
      "Charge usage to your team’s credits, hold credits for a run, and ask first whether they suffice.",
  },
  "usage:reverse": {
    title: "Reverse usage",
    sentence: "Take back usage that was reported by mistake, and give its credits back.",
  },
  "usage:read": {
    title: "Read usage",
    sentence: "See the usage that this key has reported: totals by day and group, and single records.",
  },
  "balance:read": {
    title: "Read the balance",
    sentence: "See the balance of the pool that the key draws from.",
  },
  "transactions:read": {
    title: "Read transactions",
    sentence: "See what was added to that pool and what was spent from it.",
  },
  "statements:read": {
    title: "Read statements",
    sentence: "See your team’s monthly statements: every pool, every member’s usage, and the payments.",
  },
  "agent:run": {
    title: "Run agents",
    sentence: "Start agent runs, follow them and cancel them.",
  },
}

/** Returns the scopes among these texts, each once, in the order of the list. */
export function toScopes(texts: readonly string[]): ApiKeyScope[] {
  return API_KEY_SCOPES.filter((scope) => texts.includes(scope))
}
