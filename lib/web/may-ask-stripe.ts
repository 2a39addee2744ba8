import { TooManyAttemptsError } from "@/lib/errors"
import { admitToStripe } from "@/lib/rate-limits/admit-to-stripe"
import { pageCtx } from "./page-ctx"
import { requestAddress } from "./request-address"
import type { Viewer } from "./require-member"

/**
 * Returns whether a page may ask Stripe for its reader now, and counts it as their action. False when they have had
 * their share.
 */
export async function mayAskStripe({ user, team }: Viewer): Promise<boolean> {
  const address = await requestAddress()
  try {
    await admitToStripe(pageCtx(), { userId: user.id, teamId: team.id, address })
    return true
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return false
    throw error
  }
}
