import { expect, test } from "vitest"
import { can } from "./permissions"

// Written out once more on purpose: a change of who may do what must be made in two places.
test.each([
  ["own-balance:view", "OWNER", true],
  ["own-balance:view", "ADMIN", true],
  ["own-balance:view", "MEMBER", true],
  ["credits:view", "OWNER", true],
  ["credits:view", "ADMIN", true],
  ["credits:view", "MEMBER", false],
  ["credits:purchase", "OWNER", true],
  ["credits:purchase", "ADMIN", true],
  ["credits:purchase", "MEMBER", false],
  ["payment-methods:manage", "OWNER", true],
  ["payment-methods:manage", "ADMIN", true],
  ["payment-methods:manage", "MEMBER", false],
  ["plan:change", "OWNER", true],
  ["plan:change", "ADMIN", false],
  ["plan:change", "MEMBER", false],
  ["portal:open", "OWNER", true],
  ["portal:open", "ADMIN", true],
  ["portal:open", "MEMBER", false],
  ["invoices:view", "OWNER", true],
  ["invoices:view", "ADMIN", true],
  ["invoices:view", "MEMBER", false],
  ["api-keys:manage", "OWNER", true],
  ["api-keys:manage", "ADMIN", true],
  ["api-keys:manage", "MEMBER", false],
  ["reconciliation:view", "OWNER", true],
  ["reconciliation:view", "ADMIN", false],
  ["reconciliation:view", "MEMBER", false],
  ["reconciliation:run", "OWNER", true],
  ["reconciliation:run", "ADMIN", false],
  ["reconciliation:run", "MEMBER", false],
] as const)("%s by %s: %s", (permission, role, expected) => {
  expect(can(role, permission)).toBe(expected)
})
