import { TAX_ID_TYPES } from "@/lib/stripe/tax-id-types"
import { COUNTRIES } from "@/lib/team-settings/schema"

const NAMES = new Intl.DisplayNames("en", { type: "region" })
const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, "en")

/** The countries by their English names. */
export const COUNTRY_CHOICES = COUNTRIES.map((code) => ({ code, name: nameOf(code) })).sort(byName)

/** The kinds of tax ids: `Germany: STN`, `European Union: VAT`. */
export const TAX_ID_CHOICES = TAX_ID_TYPES.map((type) => {
  const [country = "", ...kind] = type.split("_")
  return { type, name: `${nameOf(country.toUpperCase())}: ${kind.join(" ").toUpperCase()}` }
}).sort(byName)

function nameOf(code: string): string {
  return NAMES.of(code) ?? code
}
