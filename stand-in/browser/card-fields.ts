export interface CardFields {
  number: string
  expiry: string
  cvc: string
  name: string
}

export type CardProblems = { [K in keyof CardFields]: string | null }

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "")
}

const BRANDS: Array<[RegExp, string]> = [
  [/^4/, "Visa"],
  [/^(5[1-5]|2[2-7])/, "Mastercard"],
  [/^3[47]/, "Amex"],
  [/^6(011|5)/, "Discover"],
  [/^35/, "JCB"],
  [/^3[068]/, "Diners"],
  [/^62/, "UnionPay"],
]

export function brandOf(number: string): string {
  return BRANDS.find(([start]) => start.test(digitsOf(number)))?.[1] ?? ""
}

function isAmex(digits: string): boolean {
  return /^3[47]/.test(digits)
}

function passesChecksum(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

function numberProblem(text: string): string | null {
  const digits = digitsOf(text)
  if (digits.length < (isAmex(digits) ? 15 : 16)) return "Your card number is incomplete."
  return passesChecksum(digits) ? null : "Your card number is invalid."
}

function expiryProblem(text: string): string | null {
  const [month, year] = text.split("/").map((part) => Number(part.trim()))
  if (!month || month > 12 || year === undefined || !/\/\s*\d\d$/.test(text)) {
    return "Your card's expiration date is incomplete."
  }
  const past = new Date(2000 + year, month, 1) <= new Date()
  return past ? "Your card's expiration date is in the past." : null
}

/** Stripe's own words for each field's problem. */
export function cardProblems(fields: CardFields): CardProblems {
  const cvcLength = isAmex(digitsOf(fields.number)) ? 4 : 3
  const cvcComplete = /^\d+$/.test(fields.cvc) && fields.cvc.length >= cvcLength
  return {
    number: numberProblem(fields.number),
    expiry: expiryProblem(fields.expiry),
    cvc: cvcComplete ? null : "Your card's security code is incomplete.",
    name: fields.name.trim() ? null : "Enter the name on the card.",
  }
}

export function formatCardNumber(input: HTMLInputElement): void {
  const digits = digitsOf(input.value).slice(0, 19)
  const groups = isAmex(digits)
    ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)]
    : (digits.match(/.{1,4}/g) ?? [])
  input.value = groups.filter(Boolean).join(" ")
}

export function formatExpiry(input: HTMLInputElement): void {
  let digits = digitsOf(input.value)
  if (/^[2-9]/.test(digits)) digits = `0${digits}`
  // A finished month gets its slash at once, except while the customer is deleting it.
  const month = digits.slice(0, 2)
  if (digits.length > 2) input.value = `${month} / ${digits.slice(2, 4)}`
  else if (!input.value.endsWith("/") && !input.value.endsWith(" ")) input.value = digits
}
