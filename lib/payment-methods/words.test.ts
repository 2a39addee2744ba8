import { expect, test } from "vitest"
import { expiresOf, nameOf, spokenNameOf } from "./words"

const card = (brand: string) => ({ type: "card", brand, last4: "4242", label: null })
const other = (type: string, label: string | null) => ({ type, brand: null, last4: null, label })

test.each([
  [card("visa"), "Visa •••• 4242", "Visa ending in 4242"],
  [card("amex"), "American Express •••• 4242", "American Express ending in 4242"],
  [card("some_new_brand"), "Some new brand •••• 4242", "Some new brand ending in 4242"],
  [other("link", "ada@example.com"), "Link ada@example.com", "Link ada@example.com"],
  [other("us_bank_account", "•••• 6789"), "Bank account •••• 6789", "Bank account ending in 6789"],
  [other("some_wallet", null), "Some wallet", "Some wallet"],
])("%o is called %s", (method, name, spoken) => {
  expect(nameOf(method)).toBe(name)
  expect(spokenNameOf(method)).toBe(spoken)
})

test("an expiry is written as on the card", () => {
  expect(expiresOf({ expMonth: 3, expYear: 2034 })).toBe("03/34")
  expect(expiresOf({ expMonth: 12, expYear: 2105 })).toBe("12/05")
})
