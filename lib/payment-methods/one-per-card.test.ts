import { expect, test } from "vitest"
import { canBeChargedLater } from "./chargeable"
import { onePerCard } from "./one-per-card"

const method = (id: string, fingerprint: string | null, day: number, isDefault = false) => ({
  id,
  fingerprint,
  isDefault,
  createdAt: new Date(Date.UTC(2026, 10, day)),
})

test.each([
  ["the newest of one card", [method("a", "f", 1), method("b", "f", 2)], ["b"]],
  ["the default before a newer one", [method("a", "f", 1, true), method("b", "f", 2)], ["a"]],
  ["each of those without a fingerprint", [method("a", null, 1), method("b", null, 2)], ["a", "b"]],
  ["one of each card", [method("a", "f", 1), method("b", "g", 1), method("c", "f", 1)], ["b", "c"]],
])("onePerCard keeps %s", (_, methods, ids) => {
  expect(onePerCard(methods).map(({ id }) => id)).toEqual(ids)
  expect(
    onePerCard([...methods].reverse())
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids)
})

test.each([
  ["card", true],
  ["link", true],
  ["cashapp", true],
  ["amazon_pay", true],
  ["us_bank_account", true],
  ["alipay", false],
  ["affirm", false],
  ["sepa_debit", false],
  ["a type of next year", false],
])("canBeChargedLater of %s: %s", (type, expected) => {
  expect(canBeChargedLater({ type })).toBe(expected)
})
