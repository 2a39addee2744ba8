import { requireAnswer } from "@/lib/stripe/outcome"
import { readDispute } from "@/lib/stripe/read-dispute"
import { takeReadNumber } from "@/lib/stripe/read-number"
import type { EventHandler } from "@/lib/stripe/received-event"
import { applyDispute } from "./apply-dispute"

/** Records what a dispute at Stripe has become. */
export const recordDispute: EventHandler = async (ctx, { objectId }) => {
  const readNo = await takeReadNumber(ctx.db)
  const found = requireAnswer(await readDispute(objectId))
  // Happens under a wrong key or a restored database, for instance. The event stays visible and can be delivered
  // again.
  if (found.kind === "missing") throw new Error(`Stripe has no ${objectId}`)
  const outcome = await applyDispute(ctx, { dispute: found.dispute, readNo })
  return outcome === "ignored" ? "ignored" : "processed"
}
