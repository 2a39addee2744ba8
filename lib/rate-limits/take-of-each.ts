import type { Tx } from "@/lib/db/client"
import { takeAttempt } from "./take-attempt"

/** The asker: a person, for a team, from an address. */
export type Asker = { userId: string; teamId: string; address: string }

type Limits = { user: number; team: number; address: number }

/**
 * Counts one attempt of `name` against its person, its team and its address. Throws `TooManyAttemptsError` when one
 * of the three has used up this window.
 */
export async function takeOfEach(
  tx: Tx,
  { name, limits, windowMs }: { name: string; limits: Limits; windowMs: number },
  { userId, teamId, address }: Asker,
  now: Date,
): Promise<void> {
  const counted = { user: userId, team: teamId, address }
  // Always in this order, so that two attempts on the same counters don't deadlock.
  for (const kind of ["user", "team", "address"] as const)
    await takeAttempt(tx, { subject: `${name}:${kind}:${counted[kind]}`, limit: limits[kind], windowMs }, now)
}
