/** Returns PostgreSQL's code of a failure. Undefined if it isn't PostgreSQL's. */
function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined
}

type Caused = { cause?: { originalCode?: unknown } }

/**
 * Returns PostgreSQL's code behind a Prisma error, which has its own name for any failure it doesn't know. The
 * adapter's error comes bare where a transaction begins or ends.
 */
function originalCodeOf(error: unknown): string | undefined {
  const { meta, cause } = Object(error) as Caused & { meta?: { driverAdapterError?: Caused } }
  const code = meta?.driverAdapterError?.cause?.originalCode ?? cause?.originalCode
  return typeof code === "string" ? code : undefined
}

function constraintOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "constraint" in error
    ? String(error.constraint)
    : undefined
}

/** The row exists already, by this constraint. A violation of another constraint doesn't count. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return codeOf(error) === "23505" && constraintOf(error) === constraint
}

/** Somebody else used a usage record's key first. No other unique violation counts. */
export function isLostKeyRace(error: unknown): boolean {
  return isUniqueViolation(error, "entries_once_per_key")
}

/** A limit has to be looked at, under its lock, before more is spent of it. Nothing was written. */
export function isLimitStop(error: unknown): boolean {
  return codeOf(error) === "23514" && constraintOf(error) === "spend_limits_stop"
}

/** The ledger found that the plan doesn't fit what it holds. Nothing was written. */
export function isRefusedByLedger(error: unknown): boolean {
  const code = codeOf(error)
  return code === "23514" || code === "23000" || code === "23001"
}

// A broken or refused connection, a server that starts, stops or became read-only, a lost lock race, a statement or
// transaction that took too long. Not Node's own ERR_…, which are bugs.
const PASSING = /^(08...|57P0.|57014|40001|40P01|53...|55P03|58000|25006|25P03|E[A-Z]+|EAI_[A-Z]+)$/
// The same in Prisma's codes: not reached, too slow, closed by the server, no free connection in the pool, a lost
// lock race, too many connections.
const PASSING_PRISMA = /^(P1001|P1002|P1008|P1017|P2024|P2034|P2037)$/
const PASSING_WORDS =
  /connection (terminated|timeout|error)|timeout exceeded when trying to connect|not queryable/i

// Prisma's code for anything wrong with a transaction, including our own mistakes.
const TRANSACTION_PRISMA = "P2028"
const TRANSACTION_TOO_SLOW = /unable to start a transaction in the given time|timeout for this transaction/i

/** Whether the same call may work in a moment. It may also have worked already: a COMMIT whose answer was lost. */
export function isPassingFailure(error: unknown): boolean {
  const code = originalCodeOf(error) ?? codeOf(error)
  if (code === TRANSACTION_PRISMA) return error instanceof Error && TRANSACTION_TOO_SLOW.test(error.message)
  if (code !== undefined) return PASSING.test(code) || PASSING_PRISMA.test(code)
  return error instanceof Error && PASSING_WORDS.test(error.message)
}
