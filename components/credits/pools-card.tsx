import Link from "next/link"
import { Amount } from "@/components/ui/amount"
import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardTitle } from "@/components/ui/card"
import { classNames } from "@/components/ui/class-names"

export type PoolEntry = {
  id: string
  /** The person whose pool it is. */
  name: string
  role: string
  balanceNanos: bigint
  isLow: boolean
  /** API keys, schedules and integrations without a known user bill the Owner's pool. */
  paysForAutomation: boolean
  href: string
  current: boolean
}

const TITLE_ID = "pools-title"

/** Which of the team's pools the page shows. Not for a team with one pool. */
export function PoolsCard({ pools }: { pools: PoolEntry[] }) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader>
        <CardTitle id={TITLE_ID}>Pools</CardTitle>
      </CardHeader>
      <ul className="px-2 pt-1 pb-3 sm:px-3">
        {pools.map((pool) => (
          <li key={pool.id}>
            <Link
              aria-current={pool.current ? "true" : undefined}
              className={classNames(
                "flex items-center gap-3 rounded-control px-3 py-2.5 transition-colors duration-100",
                pool.current ? "bg-sunken" : "hover:bg-sunken",
              )}
              href={pool.href}
              scroll={false}
            >
              <span className="min-w-0 flex-1">
                <span className="flex items-baseline gap-x-2 max-sm:flex-wrap">
                  <span className="truncate font-medium" title={pool.name}>
                    {pool.name}
                  </span>
                  <span className="shrink-0 text-caption text-muted">{pool.role}</span>
                </span>
                {pool.paysForAutomation && (
                  <span className="block text-caption text-muted">
                    API keys and scheduled runs draw from this pool
                  </span>
                )}
              </span>
              <span className="flex shrink-0 items-center gap-3 max-sm:flex-col-reverse max-sm:items-end max-sm:gap-1">
                {pool.isLow && pool.balanceNanos > 0n && (
                  <Badge icon="alert" tone="warning">
                    Low Balance
                  </Badge>
                )}
                <Amount className="min-w-28 text-right font-medium" nanos={pool.balanceNanos} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
