import { BalanceFigure } from "@/components/credits/balance-figure"
import { Badge } from "@/components/ui/badge"

type BalanceSummaryProps = {
  poolId: string
  balanceNanos: bigint
  isLow: boolean
  /** After "Current balance": what to know about it, in half a sentence. */
  remark?: string | null
}

export function BalanceSummary({ poolId, balanceNanos, isLow, remark }: BalanceSummaryProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <dl className="flex min-w-0 flex-col-reverse">
        <dt className="text-caption text-muted">
          <span>Current balance</span>
          {remark && ` · ${remark}`}
        </dt>
        <dd className="text-figure font-semibold">
          <BalanceFigure key={poolId} nanos={balanceNanos} />
        </dd>
      </dl>
      {isLow && (
        <Badge icon="alert" tone="warning">
          Low Balance
        </Badge>
      )}
    </div>
  )
}
