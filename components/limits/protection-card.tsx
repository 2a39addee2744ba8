import type { Protection, SaveProtection } from "@/components/limits/limit-types"
import { ProtectionButton } from "@/components/limits/protection-button"
import { UsedBar } from "@/components/limits/used-bar"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { formatUsd } from "@/lib/money/usd"

type ProtectionCardProps = { protection: Protection; ownerName: string; saveProtection: SaveProtection }

/** The limit and reserve for keys, schedules and products without a known person. */
export function ProtectionCard({ protection, ownerName, saveProtection }: ProtectionCardProps) {
  const { limit, reserveNanos } = protection
  return (
    <Card labelledBy="owner-protection">
      <CardHeader action={<ProtectionButton protection={protection} saveProtection={saveProtection} />}>
        <CardTitle id="owner-protection">Owner protection</CardTitle>
      </CardHeader>
      <CardSection>
        <p className="text-muted">
          Keys and schedules are billed to <span className="wrap-anywhere">{ownerName}</span>’s credits.
          Protect them here.
        </p>
        <dl className="mt-4 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          <div>
            <dt className="text-caption text-muted">Monthly limit for keys and schedules</dt>
            <dd className="mt-1">
              {limit ? <UsedBar {...limit} /> : <span className="font-medium">None</span>}
            </dd>
          </div>
          <div>
            <dt className="text-caption text-muted">Reserve they never touch</dt>
            <dd className="mt-1 font-medium tabular-nums">
              {reserveNanos === 0n ? "None" : formatUsd(reserveNanos)}
            </dd>
          </div>
        </dl>
      </CardSection>
    </Card>
  )
}
