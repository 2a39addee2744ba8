import { describe, expect, test } from "vitest"
import { isLoosened, needsApproval } from "./needs-approval"

const before = { amountNanos: 50n, capNanos: 200n }

describe("with a figure of 100, a second person approves", () => {
  test.each<[string, { amountNanos: bigint; capNanos: bigint | null }, boolean]>([
    ["nothing that stayed the same", { amountNanos: 50n, capNanos: 200n }, false],
    ["no lower cap", { amountNanos: 50n, capNanos: 150n }, false],
    ["no lower amount", { amountNanos: 5n, capNanos: 200n }, false],
    ["no higher amount up to the figure", { amountNanos: 100n, capNanos: 200n }, false],
    ["a higher amount above it", { amountNanos: 101n, capNanos: 200n }, true],
    ["a higher cap above it", { amountNanos: 50n, capNanos: 201n }, true],
    ["no cap at all", { amountNanos: 50n, capNanos: null }, true],
    ["a higher cap with a lower amount", { amountNanos: 5n, capNanos: 201n }, true],
  ])("%s", (_, after, expected) => {
    expect(needsApproval(100n, before, after)).toBe(expected)
  })

  test("no higher cap up to the figure", () => {
    const low = { amountNanos: 5n, capNanos: 10n }
    expect(needsApproval(100n, low, { amountNanos: 5n, capNanos: 100n })).toBe(false)
    expect(needsApproval(100n, low, { amountNanos: 5n, capNanos: 101n })).toBe(true)
  })

  test("a first amount above it, and no first amount up to it", () => {
    const never = { amountNanos: null, capNanos: 200n }
    expect(needsApproval(100n, never, { amountNanos: 101n, capNanos: 200n })).toBe(true)
    expect(needsApproval(100n, never, { amountNanos: 100n, capNanos: 200n })).toBe(false)
  })

  test("a cap where there was none is lower", () => {
    const none = { amountNanos: 50n, capNanos: null }
    expect(needsApproval(100n, none, { amountNanos: 50n, capNanos: 900n })).toBe(false)
    expect(needsApproval(100n, none, { amountNanos: 50n, capNanos: null })).toBe(false)
  })
})

test("without a rule nothing needs approval", () => {
  expect(needsApproval(null, before, { amountNanos: 900n, capNanos: null })).toBe(false)
})

test("a rule is loosened by a higher figure and by none, and by nothing else", () => {
  expect(isLoosened(100n, null)).toBe(true)
  expect(isLoosened(100n, 101n)).toBe(true)
  expect(isLoosened(100n, 100n)).toBe(false)
  expect(isLoosened(100n, 99n)).toBe(false)
  expect(isLoosened(null, 5n)).toBe(false)
  expect(isLoosened(null, null)).toBe(false)
})
