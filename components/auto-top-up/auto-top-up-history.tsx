import type { ReactNode } from "react"
import { changeInWords, decisionInWords, type Outcome } from "@/components/auto-top-up/auto-top-up-words"
import { PageHeader } from "@/components/shell/page-header"
import { Amount } from "@/components/ui/amount"
import { BackLink } from "@/components/ui/back-link"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Time } from "@/components/ui/time"

export type DecisionRow = {
  id: string
  reason: string
  balanceNanos: bigint
  amountNanos: bigint
  decidedAt: string
  lastDecidedAt: string
  times: number
  outcome: Outcome
}

export type ChangeRow = {
  id: string
  by: string
  isCap: boolean
  before: object | null
  after: object
  changedAt: string
}

type AutoTopUpHistoryProps = {
  decisions: DecisionRow[]
  changes: ChangeRow[]
  /** Names the pool's holder, where the team has several pools. */
  poolName: string | null
  backHref: string
  now: string
}

/** Lists why a pool was or wasn't topped up, and who changed which setting. */
export function AutoTopUpHistory({ decisions, changes, poolName, backHref, now }: AutoTopUpHistoryProps) {
  return (
    <>
      <BackLink href={backHref}>Billing</BackLink>
      <PageHeader description={poolName ? `Pool of ${poolName}` : undefined} title="Auto top-up history" />
      <div className="flex flex-col gap-6">
        <ListCard
          empty={
            <EmptyState title="No decisions yet">
              Each low balance appears here, with what we did and why.
            </EmptyState>
          }
          id="decisions"
          title="Why was I (not) topped up?"
        >
          {decisions.map((decision) => (
            <Decision decision={decision} key={decision.id} now={now} />
          ))}
        </ListCard>
        <ListCard
          empty={
            <EmptyState title="No changes yet">Who turned it on, and every change after that.</EmptyState>
          }
          id="changes"
          title="Changes"
        >
          {changes.map(({ id, by, isCap, before, after, changedAt }) => (
            <Row key={id} title={changeInWords(before, after, isCap)}>
              {by} · <Time iso={changedAt} now={now} />
            </Row>
          ))}
        </ListCard>
      </div>
    </>
  )
}

function Decision({ decision, now }: { decision: DecisionRow; now: string }) {
  const { reason, amountNanos, outcome, balanceNanos, decidedAt, lastDecidedAt, times } = decision
  const { title, detail } = decisionInWords(reason, amountNanos, outcome)
  return (
    <Row detail={detail} title={title}>
      Balance <Amount as="balance" nanos={balanceNanos} /> · <Time iso={decidedAt} now={now} />
      {times > 1 && (
        <>
          , last <Time iso={lastDecidedAt} now={now} />
        </>
      )}
    </Row>
  )
}

function ListCard(props: { id: string; title: string; empty: ReactNode; children: ReactNode[] }) {
  const titleId = `${props.id}-title`
  return (
    <Card labelledBy={titleId}>
      <CardHeader>
        <CardTitle id={titleId}>{props.title}</CardTitle>
      </CardHeader>
      <CardSection className="pt-2!">
        {props.children.length === 0 ? props.empty : <ul>{props.children}</ul>}
      </CardSection>
    </Card>
  )
}

function Row({ title, detail, children }: { title: string; detail?: string | null; children: ReactNode }) {
  return (
    <li className="border-t border-border py-3 first:border-t-0">
      <p className="font-medium wrap-anywhere">{title}</p>
      {detail && <p>{detail}</p>}
      <p className="text-caption wrap-anywhere text-muted">{children}</p>
    </li>
  )
}
