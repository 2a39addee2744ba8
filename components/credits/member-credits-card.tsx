import { BalanceSummary } from "@/components/credits/balance-summary"
import { debtInWords, emptyInWords, includedInWords } from "@/components/credits/balance-words"
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
    /** If nothing is left to pay with: when what the plan includes renews. */
    emptyUntil?: string | null
    /** What is left of the plan's included credits, and when that expires; null: nothing. */
    included?: { nanos: bigint; until: string } | null
  }
  askPeople: { name: string; role: string }[]
  /** Whose credits: "Your credits". */
  title: string
  now: string
}

const TITLE_ID = "credits-title"

/** For a Member: what there is and whom to ask, nothing to press. */
export function MemberCreditsCard({ title, pool, askPeople, now }: MemberCreditsCardProps) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader>
        <CardTitle id={TITLE_ID}>{title}</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <BalanceSummary
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
        <div>
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
