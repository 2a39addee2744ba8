import type Stripe from "stripe"
import { invalidRequest } from "../notation/errors"
import { newId } from "../notation/ids"
import type { World } from "../world/world"

/** The form of the kinds that people use most. Every other kind takes any text that could be a number. */
const FORMS: Record<string, RegExp> = {
  au_abn: /^\d{11}$/,
  ca_gst_hst: /^\d{9}RT\d{4}$/,
  ch_vat: /^CHE-\d{3}\.\d{3}\.\d{3} (MWST|TVA|IVA)$/,
  de_stn: /^\d{10,11}$/,
  eu_vat:
    /^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[A-Z0-9]{8,12}$/,
  gb_vat: /^(GB)?(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  in_gst: /^\d{2}[A-Z0-9]{13}$/,
  no_vat: /^\d{9}MVA$/,
  us_ein: /^\d{2}-\d{7}$/,
}
const OTHER = /^[A-Za-z0-9][A-Za-z0-9 ./-]{3,29}$/

/** The kinds that Stripe looks up at a government. */
const VERIFIED = new Set(["au_abn", "eu_vat", "gb_vat"])

function statusOf(type: string, value: string): string {
  if (!VERIFIED.has(type)) return "unavailable"
  if (/000000000$/.test(value)) return "verified"
  return /111111111$/.test(value) ? "unverified" : "pending"
}

/** Throws Stripe's refusal of a value that isn't of its kind. */
export function newTaxId(world: World, customer: string, type: string, value: string): Stripe.TaxId {
  if (!(FORMS[type] ?? OTHER).test(value))
    throw invalidRequest(`Invalid value for ${type}.`, { code: "tax_id_invalid", param: "value" })
  const status = statusOf(type, value)
  const country = type === "eu_vat" ? value.slice(0, 2) : type.slice(0, 2).toUpperCase()
  return {
    id: newId("txi"),
    object: "tax_id",
    country: country === "EL" ? "GR" : country === "XI" ? "GB" : country,
    created: world.clock.now(),
    customer,
    customer_account: null,
    livemode: false,
    owner: { type: "customer", customer, customer_account: null },
    type,
    value,
    verification: { status, verified_address: null, verified_name: null },
  }
}
