import { BalanceSummary } from "@/components/credits/balance-summary"
import { debtInWords, emptyInWords } from "@/components/credits/balance-words"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Notice } from "@/components/ui/notice"

type MemberCreditsCardProps = {
  pool: {
    id: string
    balanceNanos: bigint
    isLow: boolean
    /** Why the balance is below zero, if it is. */
    debtCause?: "refund" | "dispute" | null
    /** If nothing is left to pay with: when what the plan includes renews. */
    emptyUntil?: string | null
  }
  askPeople: { name: string; role: string }[]
}

const TITLE_ID = "credits-title"

/** For a Member: what there is and whom to ask, nothing to press. */
export function MemberCreditsCard({ pool, askPeople }: MemberCreditsCardProps) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader>
        <CardTitle id={TITLE_ID}>Credits</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-5">
        <BalanceSummary
          balanceNanos={pool.balanceNanos}
          isLow={pool.isLow && !pool.emptyUntil && pool.balanceNanos >= 0n}
          poolId={pool.id}
        />
        {pool.balanceNanos < 0n && <Notice tone="danger">{debtInWords(pool.debtCause)}</Notice>}
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
