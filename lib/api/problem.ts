import { SECOND_MS } from "@/lib/clock"
import { AppError, NotFoundError, UNEXPECTED_ERROR_SENTENCE } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import type { InsufficientCreditsError } from "@/lib/metering/errors"
import type { Refusal } from "@/lib/metering/find-refusal"
import { poolName, type TeamContext } from "@/lib/metering/team-context"
import { toDecimalString } from "@/lib/money/usd"
import type { Principal } from "@/lib/pools/who-pays"
import { ERROR_CODES, type ErrorCode, problemTypePath } from "@/lib/reference/errors"
import { creditsTitle } from "@/lib/reference/insufficient-credits"
import { errorInfo, type FieldError, InvalidRequestError } from "./errors"

/** An error document (RFC 9457) without the path and id of one request. */
export type Problem = {
  type: string
  title: string
  status: number
  retryable: boolean
  /** The title again: earlier clients read this field. */
  error: string
  code: ErrorCode
  field?: string
  errors?: FieldError[]
}

export type BilledPrincipal = { type: Principal["type"]; id: string }

export type PoolJson = { id: string; name: string; available: string; renews_at: string | null }

/** A pool that pays, or should have paid. */
export function poolJson(pool: {
  poolId: string
  name: string
  availableNanos: bigint
  renewsAt: Date | null
}): PoolJson {
  return {
    id: toPublicId("pool", pool.poolId),
    name: pool.name,
    available: toDecimalString(pool.availableNanos),
    renews_at: pool.renewsAt?.toISOString() ?? null,
  }
}

/** Says who was to pay, what was missing, and where to add it. */
export type CreditsProblem = Problem & {
  reason: string
  billed_principal: BilledPrincipal
  pools: PoolJson[]
  required: string
  who_can_fix: string[]
  top_up_url: string
  /** The seconds after which the same request is worth sending again. Only for retryable errors. */
  retry_after?: number
  /** The task that was kept as FAILED. */
  task_id?: string
}

/** Returns the document of a refusal. Null for a bug or an outage, whose details aren't the caller's business. */
export function refusalProblem(error: unknown): Problem | null {
  if (!(error instanceof AppError) || !isErrorCode(error.code)) return null
  const title = error instanceof NotFoundError ? errorInfo("not_found").summary : error.title
  const problem = problemOf(error.code, title)
  const { field } = error
  if (field === undefined) return problem
  const errors = error instanceof InvalidRequestError ? error.errors : [{ field, message: title }]
  return { ...problem, field, errors }
}

/** The document of an error that nobody foresaw. */
export function unexpectedProblem(): Problem {
  return problemOf("internal_error", UNEXPECTED_ERROR_SENTENCE)
}

/** The document of usage that the billed pool couldn't pay for. `appUrl` is the app's public address. */
export function creditsProblem(
  team: TeamContext,
  { refusal, poolId, retryAfterMs }: InsufficientCreditsError,
  principal: Principal,
  appUrl: string,
): CreditsProblem {
  const isRetryable = retryAfterMs !== null
  const title = creditsTitle(refusal, { isTeam: principal.type === "team", isRetryable })
  return {
    ...problemOf("insufficient_credits", title),
    retryable: isRetryable,
    ...(isRetryable && { retry_after: Math.ceil(retryAfterMs / SECOND_MS) }),
    reason: reasonOf(team, refusal, poolId),
    billed_principal: billedPrincipal(team, principal),
    pools: [
      poolJson({
        poolId,
        name: poolName(team, poolId),
        availableNanos: refusal.availableNanos,
        renewsAt: refusal.renewsAt,
      }),
    ],
    required: toDecimalString(refusal.requiredNanos),
    who_can_fix: ["Owner", "Admin"],
    top_up_url: `${appUrl}/${team.slug}/settings/${refusal.limit ? "limits" : "account/billing"}`,
  }
}

// With auto top-up on, an empty pool means that something kept it from adding credits. The cap is the obstacle that a
// person can remove.
export function reasonOf(team: TeamContext, { reason }: Refusal, poolId: string): string {
  const isShort = reason === "pool_empty" || reason === "not_enough" || reason === "allowance_exhausted"
  return isShort && team.topUps.get(poolId)?.isCapped ? "spend_cap_reached" : reason
}

/** Names the billed principal by the public id of the person or the team. */
export function billedPrincipal(team: TeamContext, principal: Principal): BilledPrincipal {
  if (principal.type === "team") return { type: "team", id: toPublicId("team", team.teamId) }
  const memberId = principal.type === "user" ? principal.memberId : team.ownerMemberId
  if (memberId === null) throw new Error("A team has an Owner")
  return { type: principal.type, id: toPublicId("member", memberId) }
}

function problemOf(code: ErrorCode, title: string): Problem {
  const { status, retryable } = errorInfo(code)
  return { type: problemTypePath(code), title, status, retryable, error: title, code }
}

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code)
}
