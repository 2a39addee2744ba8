import { expect, test } from "vitest"
import { quantityInWords, rateInWords } from "./in-words"

test.each([
  [12_500_000n, "llm_tokens", "12,500,000 tokens"],
  [1n, "llm_tokens", "1 token"],
  [1_500n, "agent_compute", "1.5 hours"],
  [1_000n, "agent_compute", "1 hour"],
  [1n, "storage", "0.001 GB-months"],
  [0n, "email", "0 emails"],
  [1_234n, "a consumable of the past", "1,234"],
  [5n, "constructor", "5"],
])("%d of %s reads %j", (quantity, code, words) => {
  expect(quantityInWords(quantity, code)).toBe(words)
})

test.each([
  [3_000n, "llm_tokens", "$3.00 per million tokens"],
  [9_999n, "api_calls", "$9.999 per million calls"],
  [10_000n, "api_calls", "$0.01 per thousand calls"],
  [9_999_999n, "sms", "$9.999999 per thousand messages"],
  [10_000_000n, "sms", "$0.01 per message"],
  [600_000_000n, "agent_compute", "$0.60 per hour"],
  [600_000_000n, "a consumable of the past", "$0.60 per unit"],
])("a rate of %d nanos for %s reads %j", (rateNanos, code, words) => {
  expect(rateInWords(rateNanos, code)).toBe(words)
})
