import { env } from "@/lib/env"
import { AppError, NotFoundError } from "@/lib/errors"
import { InsufficientCreditsError } from "@/lib/metering/errors"
import { type Cause, resolvePayer } from "@/lib/metering/resolve-payer"
import type { TeamContext } from "@/lib/metering/team-context"
import { UnauthenticatedError } from "./errors"
import { type CreditsProblem, creditsProblem } from "./problem"

/** A refusal for want of credits, with its document. */
export class CreditsRefusedError extends AppError {
  constructor(readonly problem: CreditsProblem) {
    super(problem.code, problem.status, problem.title)
  }
}

/**
 * What a failed spend tells the caller. The balance is told only to a key that is still good: `currentTeam` throws for
 * any other.
 */
export async function explainRefusal(
  error: unknown,
  cause: Cause,
  currentTeam: () => Promise<TeamContext>,
): Promise<unknown> {
  // Of a spend the only thing that can be missing is the team.
  if (error instanceof NotFoundError) return new UnauthenticatedError()
  if (!(error instanceof InsufficientCreditsError)) return error
  try {
    const team = await currentTeam()
    const { principal } = resolvePayer(team, cause)
    const { refusal, poolId } = error
    return new CreditsRefusedError(creditsProblem(team, { refusal, poolId, principal }, env().APP_URL))
  } catch (changed) {
    return changed
  }
}
