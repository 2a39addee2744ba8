/** Starters of usage: a person, a key, a timer, or a connected product such as Slack or Linear. */
export const TRIGGERS = ["user", "api_key", "schedule", "integration"] as const

export type Trigger = (typeof TRIGGERS)[number]

/** The trigger of a request that names none. */
export const DEFAULT_TRIGGER: Trigger = "api_key"
