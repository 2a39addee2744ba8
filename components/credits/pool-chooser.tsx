import { Amount } from "@/components/ui/amount"
import { Badge } from "@/components/ui/badge"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

export type PoolEntry = {
  id: string
  /** The pool's holder. */
  name: string
  role: string
  balanceNanos: bigint
  isLow: boolean
  /** API keys, schedules and integrations without a known user bill the Owner's pool. */
  paysForAutomation: boolean
  href: string
  current: boolean
}

const MENU_ID = "pool-chooser"

/** The card's title where the team has several pools: names the holder and opens the menu of all pools. */
export function PoolChooser({ title }: { title: string }) {
  return (
    <button
      className="-mx-2 flex max-w-[calc(100%+1rem)] min-w-0 items-center gap-1.5 rounded-control px-2 py-1 text-left transition-colors duration-100 hover:bg-sunken"
      popoverTarget={MENU_ID}
      style={{ anchorName: "--pool-chooser" }}
      title={title}
      type="button"
    >
      <span className="truncate">{title}</span>
      <span className="sr-only">: choose another pool</span>
      <Icon className="text-muted" name="expand" />
    </button>
  )
}

/** A native popover: it opens and closes without our JavaScript. */
export function PoolMenu({ pools }: { pools: PoolEntry[] }) {
  const current = pools.find((pool) => pool.current)
  return (
    <div
      className="pool-menu max-h-[min(26rem,70dvh)] w-[min(26rem,calc(100vw-2rem))] overflow-y-auto rounded-control border border-border bg-surface p-2 text-text shadow-lg"
      id={MENU_ID}
      // Remounted, and so closed, when another pool is chosen.
      key={current?.id}
      popover="auto"
    >
      <ul aria-label="Pools">
        {pools.map((pool) => (
          <li key={pool.id}>
            <PoolLink pool={pool} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function PoolLink({ pool }: { pool: PoolEntry }) {
  return (
    <Link
      aria-current={pool.current ? "true" : undefined}
      className={classNames(
        "flex items-center gap-3 rounded-control px-3 py-2 text-body font-normal transition-colors duration-100",
        pool.current ? "bg-sunken" : "hover:bg-sunken",
      )}
      href={pool.href}
      prefetch={false}
      scroll={false}
    >
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-x-2">
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
      <span className="flex shrink-0 flex-col items-end gap-1">
        <Amount as="balance" className="font-medium" nanos={pool.balanceNanos} />
        {pool.isLow && pool.balanceNanos > 0n && (
          <Badge icon="alert" tone="warning">
            Low Balance
          </Badge>
        )}
      </span>
    </Link>
  )
}
