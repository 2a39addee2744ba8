import { transactionLabel } from "@/components/credits/transaction-kinds"
import type { PaletteResults } from "@/components/palette/palette-types"
import { consumableName } from "@/lib/catalog/catalog"
import { formatRelativeTime } from "@/lib/format-time"
import { toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import type { Found } from "@/lib/search/search-team"
import { ROLE_NAMES } from "@/lib/teams/permissions"

/** Puts what was found into the palette's words, each with the page that shows it. */
export function toResults(found: Found, slug: string, now: string): PaletteResults {
  const settings = `/${slug}/settings`
  return {
    members: found.members.map(({ id, name, email, role }) => ({
      id: toPublicId("member", id),
      label: name,
      detail: name === email ? ROLE_NAMES[role] : `${ROLE_NAMES[role]} · ${email}`,
      href: `${settings}/members?${new URLSearchParams({ search: email })}`,
    })),
    keys: found.keys.map(({ id, name, last4, hasExpired }) => ({
      id: toPublicId("key", id),
      label: name,
      detail: `ck_…${last4}${hasExpired ? " · Expired" : ""}`,
      href: `${settings}/api-keys#${toPublicId("key", id)}`,
    })),
    transactions: found.transactions.map(({ poolId, seq, kind, detail, amountNanos, occurredAt, holder }) => {
      const pool = toPublicId("pool", poolId)
      const facts = [holder, formatRelativeTime(occurredAt, now), detail && consumableName(detail)]
      return {
        id: `${pool}-${seq}`,
        label: `${transactionLabel(kind)} ${formatUsd(amountNanos, { sign: "always" })}`,
        detail: facts.filter(Boolean).join(" · "),
        href: `${settings}/account/billing/transactions?pool=${pool}&open=${seq}`,
      }
    }),
    teams: found.teams.map(({ id, slug: other, name, role }) => ({
      id: toPublicId("team", id),
      label: name,
      detail: ROLE_NAMES[role],
      href: `/${other}/settings/account/billing`,
    })),
  }
}
