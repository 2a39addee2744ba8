import { AddLimitButton } from "@/components/limits/add-limit-button"
import { ChangeLimitButton } from "@/components/limits/change-limit-button"
import type { FreeKey, LimitActions, LimitEntry } from "@/components/limits/limit-types"
import { UsedBar } from "@/components/limits/used-bar"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"

type LimitsCardProps = {
  kind: "member" | "api_key"
  limits: LimitEntry[]
  /** Keys without a limit. Of members, any may be named. */
  freeKeys: FreeKey[]
  actions: LimitActions
}

const WORDS = {
  member: {
    title: "Members",
    empty: "No member has a limit",
    detail: "Without one, a member may spend whatever their pool holds.",
  },
  api_key: {
    title: "API keys",
    empty: "No key has a limit",
    detail: "A key’s limit counts everything that it reports, whoever pays.",
  },
} as const

export function LimitsCard({ kind, limits, freeKeys, actions }: LimitsCardProps) {
  const { title, empty, detail } = WORDS[kind]
  const hasNoKey = kind === "api_key" && freeKeys.length === 0
  return (
    <Card labelledBy={`limits-${kind}`}>
      <CardHeader
        action={!hasNoKey && <AddLimitButton freeKeys={freeKeys} kind={kind} saveLimit={actions.saveLimit} />}
      >
        <CardTitle id={`limits-${kind}`}>{title}</CardTitle>
      </CardHeader>
      <CardSection>
        {limits.length === 0 ? (
          <EmptyState title={empty}>{detail}</EmptyState>
        ) : (
          <ul className="divide-y divide-border">
            {limits.map((limit) => (
              <LimitRow actions={actions} key={limit.id} kind={kind} limit={limit} />
            ))}
          </ul>
        )}
      </CardSection>
    </Card>
  )
}

type LimitRowProps = { kind: "member" | "api_key"; limit: LimitEntry; actions: LimitActions }

function LimitRow({ kind, limit, actions }: LimitRowProps) {
  const { name, detail, usedNanos, amountNanos, refuses, locked } = limit
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_12rem_9rem_5.5rem]">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">{name}</p>
        {detail !== name && (
          <p className="text-caption wrap-anywhere text-muted">
            {kind === "api_key" ? `ck_…${detail}` : detail}
          </p>
        )}
      </div>
      <div className="max-sm:col-span-2 max-sm:row-start-2">
        <UsedBar amountNanos={amountNanos} usedNanos={usedNanos} />
      </div>
      <p className="text-caption text-muted max-sm:col-span-2">{refuses ? "Stops usage" : "Warns only"}</p>
      <div className="text-right max-sm:col-start-2 max-sm:row-start-1">
        {locked ? (
          <span className="text-caption text-muted">{locked}</span>
        ) : (
          <ChangeLimitButton actions={actions} kind={kind} limit={limit} />
        )}
      </div>
    </li>
  )
}
