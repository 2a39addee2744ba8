import type { OwnRequestActions, OwnRequestEntry } from "@/components/credit-requests/credit-request-types"
import { OwnRequest } from "@/components/credit-requests/own-request"
import { RequestCreditsButton } from "@/components/credit-requests/request-credits-button"
import { BalanceSummary } from "@/components/credits/balance-summary"
import { debtInWords, emptyInWords, includedInWords } from "@/components/credits/balance-words"
import { UsedBar } from "@/components/limits/used-bar"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Notice } from "@/components/ui/notice"
import { isDebt } from "@/lib/money/usd"

type MemberCreditsCardProps = {
  pool: {
    id: string
    balanceNanos: bigint
    isLow: boolean
    /** Why the balance is below zero, if it is. */
    debtCause?: "refund" | "dispute" | null
    /** When the plan's included credits renew, if nothing is left to pay with. */
    emptyUntil?: string | null
    /** The included credits left, and when they expire. Null when there are none. */
    included?: { nanos: bigint; until: string } | null
  }
  askPeople: { name: string; role: string }[]
  /** The Member's own monthly limit. */
  limit: { amountNanos: bigint; usedNanos: bigint; isHard: boolean } | null
  /** The Member's last request, and how to ask. Null where everybody shares the pool. */
  requests: { last: OwnRequestEntry | null; actions: OwnRequestActions } | null
  /** Whose credits: "Your credits". */
  title: string
  now: string
}

const TITLE_ID = "credits-title"

/** For a Member: shows what there is, whom to ask, and what became of the last request. */
export function MemberCreditsCard(props: MemberCreditsCardProps) {
  const { title, pool, askPeople, limit, requests, now } = props
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader>
        <CardTitle id={TITLE_ID}>{title}</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <BalanceSummary
          action={
            requests &&
            requests.last?.status !== "open" && (
              <RequestCreditsButton requestCredits={requests.actions.requestCredits} />
            )
          }
          balanceNanos={pool.balanceNanos}
          isLow={pool.isLow && !pool.emptyUntil && !isDebt(pool.balanceNanos)}
          poolId={pool.id}
          remarks={[includedInWords(pool.included, now)]}
        />
        {isDebt(pool.balanceNanos) && <Notice tone="danger">{debtInWords(pool.debtCause)}</Notice>}
        {pool.emptyUntil && (
          <Notice title="Out of credits" tone="warning">
            {emptyInWords(pool.emptyUntil, false)}
          </Notice>
        )}
        {limit && (
          <div className="flex flex-col gap-1">
            <p className="text-caption text-muted">Your limit this month</p>
            <UsedBar amountNanos={limit.amountNanos} usedNanos={limit.usedNanos} />
            {limit.isHard && limit.usedNanos >= limit.amountNanos && (
              <p className="text-caption">
                You’ve reached it. Usage goes on next month (UTC), or when an Owner or Admin raises it.
              </p>
            )}
          </div>
        )}
        {requests?.last && <OwnRequest actions={requests.actions} now={now} request={requests.last} />}
        <div>
          {!requests && <p>Your whole team shares these credits.</p>}
          <p>Ask an Owner or Admin to add credits</p>
          <ul className="mt-1 text-caption text-muted">
            {askPeople.map((person) => (
              <li className="break-words" key={`${person.name} ${person.role}`}>
                {person.name} ({person.role})
              </li>
            ))}
          </ul>
        </div>
      </CardSection>
    </Card>
  )
}
