import { expect, test } from "vitest"
import { chooseDefault } from "./choose-default"

const now = new Date("2026-11-25T00:00:00Z")
const method = (id: string, day: number, expYear: number | null = 2034, type = "card") => ({
  id,
  type,
  createdAt: new Date(Date.UTC(2026, 10, day)),
  card: expYear === null ? null : { expMonth: 12, expYear },
})

test.each([
  ["none of none", [], [], undefined],
  ["the newest", [method("a", 1), method("c", 3), method("b", 2)], [], "c"],
  ["one that works before a newer one that expired", [method("a", 1), method("b", 2, 2020)], [], "a"],
  ["one that doesn’t expire as well", [method("a", 1), method("b", 2, null)], [], "b"],
  ["the newest of expired ones", [method("a", 1, 2020), method("b", 2, 2019)], [], "b"],
  ["one that pays already before all others", [method("a", 1), method("b", 2)], ["a", "x"], "a"],
  ["none that wants a person each time", [method("a", 1, 2034), method("b", 2, null, "alipay")], [], "a"],
  ["nothing of such alone", [method("a", 1, null, "alipay")], ["a"], undefined],
  ["always the same of two that are equally new", [method("a", 1), method("b", 1)], [], "b"],
] as const)("chooses %s", (_, methods, alreadyPaying, expected) => {
  expect(chooseDefault([...methods], { alreadyPaying, now })?.id).toBe(expected)
  expect(chooseDefault([...methods].reverse(), { alreadyPaying, now })?.id).toBe(expected)
})
