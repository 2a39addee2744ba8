import { isPassingFailure } from "@/lib/db/failures"
import { UnavailableError } from "@/lib/errors"
import { log } from "@/lib/log"
import { MethodNotAllowedError, RateLimitedError } from "./errors"
import { CreditsRefusedError } from "./explain-refusal"
import { type Problem, refusalProblem, unexpectedProblem } from "./problem"

const UNAVAILABLE_SECONDS = 2

/** Answers with JSON that no cache may keep. */
export function answerJson(
  body: unknown,
  requestId: string,
  { status = 200, headers }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": requestId,
      ...headers,
    },
  })
}

/** Answers a request that failed, for whatever reason. */
export function answerError(thrown: unknown, { method, url }: Request, requestId: string): Response {
  const { pathname: path } = new URL(url)
  const error = isPassingFailure(thrown) ? asUnavailable(thrown) : thrown
  const problem = problemOf(error)
  if (problem.status >= 500) {
    const level = problem.code === "unavailable" ? "warn" : "error"
    log()[level]({ requestId, method, path, ...factsOf(thrown) }, "API request failed")
  }
  const { type, title, status, ...rest } = problem
  // A record has its key in a field, a request in a header.
  if (problem.code === "idempotency_key_reused") {
    rest.field = "Idempotency-Key"
    rest.errors = [{ field: rest.field, message: title }]
  }
  const headers: Record<string, string> = { "content-type": "application/problem+json" }
  const retryAfter = retryAfterOf(error, status)
  if (retryAfter !== undefined) headers["retry-after"] = String(retryAfter)
  if (error instanceof RateLimitedError) Object.assign(headers, error.headers)
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="credits"'
  if (error instanceof MethodNotAllowedError) headers.allow = error.allow
  const body = { type, title, status, instance: path, ...rest, request_id: requestId }
  return answerJson(body, requestId, { status, headers })
}

/** The seconds after which the same request is worth sending again. Undefined when it isn't. */
function retryAfterOf(error: unknown, status: number): number | undefined {
  if (error instanceof CreditsRefusedError) return error.problem.retry_after
  if (error instanceof RateLimitedError) return error.retryAfterSeconds
  return status === 503 ? UNAVAILABLE_SECONDS : undefined
}

/** Returns the document of any error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CreditsRefusedError) return error.problem
  return refusalProblem(error) ?? unexpectedProblem()
}

function asUnavailable(error: unknown): unknown {
  if (error instanceof UnavailableError) return error
  return new UnavailableError(
    "The database can’t be reached right now. Send the same request again in a moment.",
  )
}

/**
 * The facts that a person needs to find the fault. Not the whole error, because PostgreSQL's may quote the row it
 * refused.
 */
function factsOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const { name, message, stack } = error
  const code = "code" in error ? String(error.code) : undefined
  return { error: name, message, stack, code }
}
