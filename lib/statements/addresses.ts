import { getBillingDetails } from "@/lib/customers/billing-details"
import type { Db } from "@/lib/db/client"

/** Returns whom a statement is for, as lines of an address, by the team's billing details as they are now. */
export async function readRecipient(db: Db, team: { id: string; name: string }): Promise<string[]> {
  const { company, line1, line2, postalCode, city, state, country, taxIdValue, email } =
    await getBillingDetails(db, team.id)
  const place = [postalCode, city, state].filter(Boolean).join(" ")
  const lines = [company ?? team.name, line1, line2, place, country && countryName(country)]
  return [...lines, taxIdValue && `Tax ID ${taxIdValue}`, email].filter((line): line is string =>
    Boolean(line),
  )
}

function countryName(code: string): string {
  return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code
}
