import type { Role } from "@/lib/db/generated/enums"
import { can, type Permission } from "@/lib/teams/permissions"

type SettingsPage = { group: "Account" | "Team"; label: string; path: string; permission: Permission }

/** The pages of a team's settings in the order of the navigation, each for those who have its permission. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { group: "Account", label: "Billing", path: "settings/account/billing", permission: "own-balance:view" },
  { group: "Account", label: "Profile", path: "settings/profile", permission: "own-account:manage" },
  {
    group: "Account",
    label: "Notifications",
    path: "settings/notifications",
    permission: "notifications:view",
  },
  { group: "Account", label: "Sessions", path: "settings/sessions", permission: "own-sessions:manage" },
  { group: "Team", label: "General", path: "settings/general", permission: "team:manage" },
  { group: "Team", label: "Members", path: "settings/members", permission: "members:manage" },
  { group: "Team", label: "Limits", path: "settings/limits", permission: "limits:manage" },
  { group: "Team", label: "API keys", path: "settings/api-keys", permission: "api-keys:manage" },
  { group: "Team", label: "Webhooks", path: "settings/webhooks", permission: "webhooks:manage" },
  { group: "Team", label: "Audit log", path: "settings/audit-log", permission: "audit-log:view" },
]

/** Pages that lie below one of those, which the navigation doesn't name and the palette does. */
export const PAGES_BELOW: readonly (Omit<SettingsPage, "group"> & { of: string })[] = [
  { of: "Billing", label: "Usage", path: "settings/account/billing/usage", permission: "own-balance:view" },
  {
    of: "Billing",
    label: "Payments",
    path: "settings/account/billing/payments",
    permission: "invoices:view",
  },
  { of: "Billing", label: "Plan", path: "settings/account/billing/plan", permission: "plan:view" },
  {
    of: "Billing",
    label: "Transactions",
    path: "settings/account/billing/transactions",
    permission: "credits:view",
  },
  {
    of: "Billing",
    label: "Statements",
    path: "settings/account/billing/statements",
    permission: "statements:view",
  },
  {
    of: "Billing",
    label: "Auto top-up history",
    path: "settings/account/billing/auto-top-up",
    permission: "credits:view",
  },
  {
    of: "Billing",
    label: "Reconciliation",
    path: "settings/account/billing/reconciliation",
    permission: "reconciliation:view",
  },
]

/** Lists every page that the palette can lead a role to, with the part of the app in which it lies. */
export function palettePages(teamSlug: string, role: Role): { label: string; of: string; href: string }[] {
  const pages = [...SETTINGS_PAGES.map(({ group, ...page }) => ({ ...page, of: group })), ...PAGES_BELOW]
  return [
    ...pages
      .filter(({ permission }) => can(role, permission))
      .map(({ label, of, path }) => ({ label, of, href: `/${teamSlug}/${path}` })),
    { label: "All teams", of: "", href: "/teams" },
    { label: "API reference", of: "", href: "/reference" },
    { label: "Rates", of: "Reference", href: "/reference/rates" },
  ]
}

/** Groups the settings that a role may open. A group without pages is left out. */
export function settingsNav(
  teamSlug: string,
  role: Role,
): { label: string; items: { label: string; href: string }[] }[] {
  return (["Account", "Team"] as const).flatMap((group) => {
    const pages = SETTINGS_PAGES.filter((page) => page.group === group && can(role, page.permission))
    if (pages.length === 0) return []
    return [
      { label: group, items: pages.map(({ label, path }) => ({ label, href: `/${teamSlug}/${path}` })) },
    ]
  })
}
