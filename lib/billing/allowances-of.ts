import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan } from "@/lib/db/generated/enums"

/** What a plan gives of each consumable in a period, as two texts that PostgreSQL reads as arrays. */
export function allowancesOf(plan: Plan): { consumables: string; quantities: string } {
  const given = Object.entries(CATALOG.plans[plan].terms).filter(
    ([, { allowanceQuantity }]) => allowanceQuantity > 0n,
  )
  return {
    consumables: `{${given.map(([consumable]) => consumable).join(",")}}`,
    quantities: `{${given.map(([, { allowanceQuantity }]) => allowanceQuantity).join(",")}}`,
  }
}
