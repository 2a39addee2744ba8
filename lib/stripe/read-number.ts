import type { Db } from "@/lib/db/client"

/**
 * Takes the number of a read of Stripe that begins now. Two reads of one object may end in another order than they
 * began. The result with the higher number is kept.
 */
export async function takeReadNumber(db: Db): Promise<bigint> {
  const [row] = await db.$queryRaw<{ number: bigint }[]>`SELECT nextval('stripe_reads') AS number`
  if (!row) throw new Error("A read took no number")
  return row.number
}
