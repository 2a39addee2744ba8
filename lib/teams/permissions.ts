import type { Role } from "@/lib/db/generated/enums"

/** The permissions of each role. The server refuses by this table and the pages hide by it; hiding is only courtesy. */
const ALLOWED = {
  "own-balance:view": ["OWNER", "ADMIN", "MEMBER"],
  "notifications:view": ["OWNER", "ADMIN", "MEMBER"],
  "own-account:manage": ["OWNER", "ADMIN", "MEMBER"],
  "own-sessions:manage": ["OWNER", "ADMIN", "MEMBER"],
  "membership:end": ["OWNER", "ADMIN", "MEMBER"],
  "credits:request": ["MEMBER"],
  "credit-requests:answer": ["OWNER", "ADMIN"],
  "members:manage": ["OWNER", "ADMIN"],
  "domains:manage": ["OWNER"],
  "ownership:transfer": ["OWNER"],
  "ownership:accept": ["ADMIN", "MEMBER"],
  "credits:view": ["OWNER", "ADMIN"],
  "records:export": ["OWNER", "ADMIN"],
  "credits:purchase": ["OWNER", "ADMIN"],
  "payment-methods:manage": ["OWNER", "ADMIN"],
  "auto-top-up:manage": ["OWNER", "ADMIN"],
  "team:manage": ["OWNER", "ADMIN"],
  "team:delete": ["OWNER"],
  "plan:view": ["OWNER", "ADMIN"],
  "plan:change": ["OWNER"],
  "portal:open": ["OWNER", "ADMIN"],
  "invoices:view": ["OWNER", "ADMIN"],
  "statements:view": ["OWNER", "ADMIN"],
  "api-keys:manage": ["OWNER", "ADMIN"],
  "limits:manage": ["OWNER", "ADMIN"],
  "webhooks:manage": ["OWNER", "ADMIN"],
  "credits:transfer": ["OWNER"],
  "audit-log:view": ["OWNER", "ADMIN"],
  "reconciliation:view": ["OWNER"],
  "reconciliation:run": ["OWNER"],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof ALLOWED

export function can(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = ALLOWED[permission]
  return roles.includes(role)
}

export const ROLE_NAMES: Record<Role, string> = { OWNER: "Owner", ADMIN: "Admin", MEMBER: "Member" }

/** Names a role as part of a sentence: “an Admin”. */
export const roleInWords = (role: Role) => `${role === "MEMBER" ? "a" : "an"} ${ROLE_NAMES[role]}`
