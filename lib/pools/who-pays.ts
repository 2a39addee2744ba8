import type { Plan } from "@/lib/db/generated/enums"
import { InvalidInputError } from "@/lib/errors"
import type { Trigger } from "./triggers"

/** Who is billed: one member's pool, the Owner's pool, or the pool that the team shares. */
export type Principal = { type: "user"; memberId: string } | { type: "team_owner" } | { type: "team" }

type Payer = "user" | "user_if_known" | "team_owner" | "team"

const SELF_SERVE: Record<Trigger, Payer> = {
  user: "user",
  api_key: "team_owner",
  schedule: "team_owner",
  integration: "user_if_known",
}

const SHARED: Record<Trigger, Payer> = {
  user: "team",
  api_key: "team",
  schedule: "team",
  integration: "team",
}

const POLICY: Record<Plan, Record<Trigger, Payer>> = {
  free: SELF_SERVE,
  build: SELF_SERVE,
  max: SELF_SERVE,
  business: SELF_SERVE,
  enterprise: SHARED,
}

/**
 * Decides who is billed for usage. `memberId` is the member that the request names, or null; the caller checks that
 * they belong to the team. Throws InvalidInputError on the field `user`, on every plan, when a person's usage names
 * nobody.
 */
export function whoPays(usage: { plan: Plan; trigger: Trigger; memberId: string | null }): Principal {
  const { plan, trigger, memberId } = usage
  if (trigger === "user" && memberId === null)
    throw new InvalidInputError("Name the member who started this: the trigger “user” needs one.", "user")
  const payer = POLICY[plan][trigger]
  if (payer === "team" || payer === "team_owner") return { type: payer }
  return memberId === null ? { type: "team_owner" } : { type: "user", memberId }
}
