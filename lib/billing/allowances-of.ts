import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan } from "@/lib/db/generated/enums"

/** Returns a plan's allowances in a period, as two texts that PostgreSQL reads as arrays. */
export function allowancesOf(plan: Plan): { consumables: string; quantities: string } {
  return asArrays(
    Object.entries(CATALOG.plans[plan].terms).flatMap(([consumable, { allowanceQuantity: quantity }]) =>
      quantity > 0n ? [{ consumable, quantity }] : [],
    ),
  )
}

export function asArrays(given: { consumable: string; quantity: bigint }[]) {
  return {
    consumables: `{${given.map(({ consumable }) => consumable).join(",")}}`,
    quantities: `{${given.map(({ quantity }) => quantity).join(",")}}`,
  }
}
