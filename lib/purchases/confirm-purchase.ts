import type { Db } from "@/lib/db/client"
import { NotFoundError } from "@/lib/errors"
import type { PurchaseRef } from "./find-purchase"
import { getProgress } from "./get-progress"
import type { PurchaseProgress } from "./schema"
import { settlePurchase } from "./settle-purchase"

/** Credits a purchase whose checkout a person has just completed, and returns what became of it. */
export async function confirmPurchase(
  ctx: { db: Db; now: Date },
  ref: PurchaseRef,
): Promise<PurchaseProgress> {
  const purchase = await settlePurchase(ctx, ref)
  if (!purchase) throw new NotFoundError()
  return getProgress(ctx.db, purchase)
}
