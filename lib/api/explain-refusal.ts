import { env } from "@/lib/env"
import { AppError } from "@/lib/errors"
import { InsufficientCreditsError } from "@/lib/metering/errors"
import { type Cause, resolvePayer } from "@/lib/metering/resolve-payer"
import type { TeamContext } from "@/lib/metering/team-context"
import type { Principal } from "@/lib/pools/who-pays"
import { type CreditsProblem, creditsProblem } from "./problem"

/** A refusal for want of credits, with its document. */
export class CreditsRefusedError extends AppError {
  constructor(readonly problem: CreditsProblem) {
    super(problem.code, problem.status, problem.title)
  }
}

/**
 * Returns the error for a failed spend. Only a key that is still good learns the balance: `currentTeam` throws for
 * any other.
 */
export async function explainRefusal(
  error: unknown,
  cause: Cause,
  currentTeam: () => Promise<TeamContext>,
): Promise<unknown> {
  return explainRefusalOf(error, currentTeam, async (team) => resolvePayer(team, cause).principal)
}

/** The same for usage whose payer was decided earlier. */
export async function explainRefusalOf(
  error: unknown,
  currentTeam: () => Promise<TeamContext>,
  principalIn: (team: TeamContext) => Promise<Principal>,
): Promise<unknown> {
  if (!(error instanceof InsufficientCreditsError)) return error
  try {
    const team = await currentTeam()
    return new CreditsRefusedError(creditsProblem(team, error, await principalIn(team), env().APP_URL))
  } catch (changed) {
    return changed
  }
}

/** The document of usage that the team's pool couldn't pay for. */
export function creditsProblemOf(
  error: InsufficientCreditsError,
  cause: Cause,
  team: TeamContext,
): CreditsProblem {
  return creditsProblem(team, error, resolvePayer(team, cause).principal, env().APP_URL)
}
