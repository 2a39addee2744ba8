import { formatUsd } from "@/lib/money/usd"
import { problemTypePath } from "./errors"
import { OWNER, OWNER_POOL, RENEWS_AT, TASK } from "./examples/example"

const NO_CREDITS = "The principal billed for this run has no remaining credits."
const ADD_CREDITS = "Purchase add-on credits or raise the team-wide spend cap to continue."
const NO_TEAM_CREDITS = "Your team has run out of add-on credits."
const ADD_TEAM_CREDITS = "Purchase more credits in your team's billing settings to continue."
const ON_ITS_WAY = "An auto top-up is on its way: send the same request again in a moment."

type Refused = {
  reason: string
  requiredNanos: bigint
  availableNanos: bigint
  /** The limit or reserve that refused it, and what it would still let pass. */
  limit: { kind: keyof typeof LIMITED | "reserve"; amountNanos: bigint; leftNanos: bigint } | null
}

const LIMITED = {
  member: "The monthly limit of this member",
  api_key: "The monthly limit of this API key",
  owner: "The monthly limit of what keys and schedules may draw from the Owner’s credits",
} as const

/** Returns the title of a refusal: what is missing and what to do. It names both amounts if something is left. */
export function creditsTitle(
  { reason, requiredNanos, availableNanos, limit }: Refused,
  { isTeam, isRetryable }: { isTeam: boolean; isRetryable: boolean },
): string {
  if (limit) return limitTitle(limit, requiredNanos)
  const isPartlyLeft = reason === "not_enough"
  const missing = isPartlyLeft
    ? bothAmounts(requiredNanos, availableNanos)
    : isTeam
      ? NO_TEAM_CREDITS
      : NO_CREDITS
  if (isRetryable) return `${missing} ${ON_ITS_WAY}`
  return `${missing} ${isTeam && !isPartlyLeft ? ADD_TEAM_CREDITS : ADD_CREDITS}`
}

function limitTitle(
  { kind, amountNanos, leftNanos }: NonNullable<Refused["limit"]>,
  requiredNanos: bigint,
): string {
  const left = leftNanos > 0n ? leftNanos : 0n
  const rest = left > 0n && requiredNanos > 0n ? ` ${bothAmounts(requiredNanos, left)}` : ""
  if (kind === "reserve")
    return `The Owner keeps ${formatUsd(amountNanos)} of these credits for people: keys and schedules can’t use them.${rest} An Owner or Admin can lower the reserve.`
  return `${LIMITED[kind]} is ${rest ? "nearly " : ""}reached: ${formatUsd(amountNanos)}.${rest} An Owner or Admin can raise it.`
}

// Exact to the millionth of a dollar, because a request may cost less than a cent.
function bothAmounts(requiredNanos: bigint, availableNanos: bigint): string {
  const [costs, left] = [requiredNanos, availableNanos].map((nanos) =>
    formatUsd(nanos, { precision: "exact" }),
  )
  return `This request costs ${costs} and ${left} is left.`
}

/** The values of `reason` in the error document, each with its way out. Text between backticks is code. */
export const REASONS = [
  {
    reason: "pool_empty",
    meaning:
      "Nothing is left in the pool, less what open holds have set aside, and auto top-up is off or hasn’t added to it.",
    remedy:
      "Purchase credits, turn on auto top-up, or wait for the included credits to renew at `renews_at`.",
  },
  {
    reason: "not_enough",
    meaning:
      "Something is left in the pool, but less than the request costs: the title names both amounts. `available` and `required` are the same to the nano.",
    remedy: "Purchase credits or turn on auto top-up; a smaller request may pass.",
  },
  {
    reason: "spend_cap_reached",
    meaning: "Auto top-up is on, but another one would exceed the team-wide monthly spend cap.",
    remedy:
      "Raise the cap or purchase credits once. The cap starts afresh on the first day of each month (UTC).",
  },
  {
    reason: "allowance_exhausted",
    meaning:
      "What the plan includes of this consumable is used up for the period, and there are no credits to go on with.",
    remedy: "Purchase credits, upgrade the plan, or wait for the allowance to renew at `renews_at`.",
  },
  {
    reason: "debt",
    meaning: "A refund or a dispute took back more than was left, so the balance is below zero.",
    remedy: "Purchase enough to cover what is missing. Usage resumes as soon as the balance is above zero.",
  },
  {
    reason: "member_limit_reached",
    meaning:
      "The member has a monthly limit, and the request would exceed it. What open holds set aside counts as spent.",
    remedy:
      "An Owner or Admin raises the limit under Limits; `top_up_url` leads there. It starts afresh on the first day of each month (UTC).",
  },
  {
    reason: "key_limit_reached",
    meaning: "The API key has a monthly limit, and the request would exceed it, whoever pays.",
    remedy: "An Owner or Admin raises the key’s limit, or the next month (UTC) begins.",
  },
  {
    reason: "owner_protected",
    meaning:
      "The Owner’s credits are protected: keys and schedules have reached what they may draw this month, or would go below the reserve.",
    remedy:
      "An Owner or Admin raises the limit or lowers the reserve. Usage that a member starts isn’t affected.",
  },
  {
    reason: "plan_unpaid",
    meaning:
      "The plan’s allowances and included credits would have covered the request, but the payment for this period failed or is disputed.",
    remedy:
      "Pay the open invoice under Plan: what the period gives comes at once. Purchased credits work meanwhile, at the plan’s rates.",
  },
] as const

const EXAMPLE_TITLE = creditsTitle(
  { reason: "pool_empty", requiredNanos: 420_000_000n, availableNanos: 0n, limit: null },
  { isTeam: false, isRetryable: false },
)

/** The API's answer to a scheduled run that the Owner's pool couldn't pay for. */
export const INSUFFICIENT_CREDITS_EXAMPLE = {
  type: problemTypePath("insufficient_credits"),
  title: EXAMPLE_TITLE,
  status: 403,
  instance: "/api/v1/agent/tasks",
  retryable: false,
  error: EXAMPLE_TITLE,
  code: "insufficient_credits",
  reason: "pool_empty",
  billed_principal: { type: "team_owner", id: OWNER },
  pools: [
    {
      id: OWNER_POOL,
      name: "Ada Park",
      available: "0.00",
      renews_at: RENEWS_AT,
    },
  ],
  required: "0.42",
  who_can_fix: ["Owner", "Admin"],
  top_up_url: "https://credits.example.com/northwind-labs/settings/account/billing",
  task_id: TASK,
  request_id: "01a1fc73-29ba-7223-9292-d3f461077f27",
}
