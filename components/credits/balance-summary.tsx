import type { ReactNode } from "react"
import { BalanceFigure } from "@/components/credits/balance-figure"
import { Badge } from "@/components/ui/badge"

type BalanceSummaryProps = {
  poolId: string
  balanceNanos: bigint
  isLow: boolean
  /** Remarks after "Current balance", half a sentence each. */
  remarks?: (string | null | false)[]
  action?: ReactNode
}

export function BalanceSummary({ poolId, balanceNanos, isLow, remarks = [], action }: BalanceSummaryProps) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <dl className="flex min-w-0 flex-col-reverse">
        <dt className="text-caption text-muted">
          <span>Current balance</span>
          {remarks.map((remark) => remark && ` · ${remark}`)}
        </dt>
        <dd className="flex flex-wrap items-center gap-x-3 text-figure font-semibold">
          <BalanceFigure key={poolId} nanos={balanceNanos} />
          {isLow && (
            <Badge icon="alert" tone="warning">
              Low Balance
            </Badge>
          )}
        </dd>
      </dl>
      {action}
    </div>
  )
}
