import { expect, test } from "vitest"
import { decideRemoval } from "./removal"

test.each([
  [false, [], "allowed"],
  [false, ["auto_top_up"], "allowed"],
  [false, ["subscription", "auto_top_up"], "allowed"],
  [true, [], "allowed"],
  [true, ["auto_top_up"], "last_for_auto_top_up"],
  [true, ["subscription"], "last_for_subscription"],
  [true, ["subscription", "auto_top_up"], "last_for_auto_top_up"],
] as const)("the last one: %s, relied on by %o: %s", (isLast, uses, expected) => {
  expect(decideRemoval({ isLast, uses })).toBe(expected)
})
