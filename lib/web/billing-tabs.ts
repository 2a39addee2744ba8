import type { Role } from "@/lib/db/generated/enums"
import { can, type Permission } from "@/lib/teams/permissions"

export type BillingTab = "overview" | "usage" | "payments" | "plan"

type Tab = { tab: BillingTab; label: string; path: string; permission: Permission }

/** The tabs of Billing in their order, each for those who have its permission. */
const BILLING_TABS: readonly Tab[] = [
  { tab: "overview", label: "Overview", path: "", permission: "own-balance:view" },
  { tab: "usage", label: "Usage", path: "/usage", permission: "own-balance:view" },
  { tab: "payments", label: "Payments", path: "/payments", permission: "invoices:view" },
  { tab: "plan", label: "Plan", path: "/plan", permission: "plan:view" },
]

/**
 * Returns the address of a tab. The chosen pool goes along to every tab, so that people who look at another pool come
 * back to it.
 *
 * @param poolId its public id. Null for the reader's own.
 */
export function billingHref(teamSlug: string, tab: BillingTab, poolId: string | null = null): string {
  const path = BILLING_TABS.find((each) => each.tab === tab)?.path ?? ""
  return `/${teamSlug}/settings/account/billing${path}${poolId === null ? "" : `?pool=${poolId}`}`
}

/** Lists the tabs that a role may open. */
export function billingTabs(
  teamSlug: string,
  role: Role,
  { current, poolId }: { current: BillingTab; poolId: string | null },
): { label: string; href: string; isCurrent: boolean }[] {
  return BILLING_TABS.filter(({ permission }) => can(role, permission)).map(({ tab, label }) => ({
    label,
    href: billingHref(teamSlug, tab, poolId),
    isCurrent: tab === current,
  }))
}
