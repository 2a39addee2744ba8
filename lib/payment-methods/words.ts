/** The brands as the cards spell them. Other names are shown as Stripe gives them. */
const BRANDS: Record<string, string> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "eftpos",
  jcb: "JCB",
  link: "Link",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
  unknown: "Card",
}

const TYPES: Record<string, string> = {
  amazon_pay: "Amazon Pay",
  cashapp: "Cash App Pay",
  link: "Link",
  paypal: "PayPal",
  sepa_debit: "SEPA bank account",
  us_bank_account: "Bank account",
}

type Named = { type: string; brand: string | null; last4: string | null; label: string | null }

/** `Visa •••• 4242`, or for what isn't a card `Link ada@example.com`. */
export function nameOf({ type, brand, last4, label }: Named): string {
  if (brand && last4) return `${BRANDS[brand] ?? inWords(brand)} •••• ${last4}`
  return [TYPES[type] ?? inWords(type), label].filter(Boolean).join(" ")
}

/** The same for screen readers: `Visa ending in 4242`. */
export function spokenNameOf(method: Named): string {
  return nameOf(method).replace("•••• ", "ending in ")
}

/** `12/34`, as printed on the card. */
export function expiresOf({ expMonth, expYear }: { expMonth: number; expYear: number }): string {
  return `${String(expMonth).padStart(2, "0")}/${String(expYear % 100).padStart(2, "0")}`
}

function inWords(code: string): string {
  const words = code.replaceAll("_", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}
