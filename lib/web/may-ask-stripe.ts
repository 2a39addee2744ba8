import { headers } from "next/headers"
import { env } from "@/lib/env"
import { TooManyAttemptsError } from "@/lib/errors"
import { admitToStripe } from "@/lib/rate-limits/admit-to-stripe"
import { clientAddress } from "./client-address"
import { askerOf } from "./member-action"
import { pageCtx } from "./page-ctx"
import type { Viewer } from "./require-member"

/** Whether a page may ask Stripe for its reader now. It counts as an action of theirs; false when they have had their share. */
export async function mayAskStripe(viewer: Viewer): Promise<boolean> {
  const address = clientAddress(await headers(), env().TRUSTED_PROXIES)
  try {
    await admitToStripe(pageCtx(), askerOf({ ...viewer, address }))
    return true
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return false
    throw error
  }
}
