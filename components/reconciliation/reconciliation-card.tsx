import type { ReactNode } from "react"
import { ProcessingRefresher } from "@/components/credits/processing-refresher"
import {
  type DifferenceEntry,
  differenceInWords,
  failedEventsInWords,
  grouped,
  type ReconciliationFigures,
  summaryInWords,
} from "@/components/reconciliation/reconciliation-words"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Icon, Spinner } from "@/components/ui/icon"
import { Notice } from "@/components/ui/notice"
import { SupportLink } from "@/components/ui/support-link"
import { Time } from "@/components/ui/time"

export type ReconciliationCardProps = {
  /** The team has asked for a check that isn't over. */
  isUnderWay: boolean
  finished: (ReconciliationFigures & { at: string; since: string | null }) | null
  failed: { at: string; reason: string } | null
  /** The hourly check is a day late. */
  isLate: boolean
  differences: DifferenceEntry[]
  openDifferences: number
  failedEvents: number
  runButton: ReactNode
  supportHref: string | null
  now: string
}

const TITLE_ID = "reconciliation-title"

/** Shows an Owner whether everything that Stripe took was credited. */
export function ReconciliationCard(props: ReconciliationCardProps) {
  const { isUnderWay, finished, failed, isLate, openDifferences, failedEvents, now } = props
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={props.runButton}>
        <CardTitle id={TITLE_ID}>Reconciliation</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-4 pt-2!">
        <div>
          <Summary {...props} />
          <p className="text-caption text-muted">
            {finished ? (
              <>
                Checked <Time iso={finished.at} now={now} />
                {finished.since ? (
                  <>
                    {" "}
                    · payments since <Time iso={finished.since} now={now} />
                  </>
                ) : (
                  " · all payments"
                )}
              </>
            ) : (
              "Every hour your payments, refunds and disputes at Stripe are compared with your credits."
            )}
          </p>
        </div>
        {isUnderWay && <ProcessingRefresher />}
        {!isUnderWay && failed && (
          <Notice title="The last check couldn’t finish" tone="warning">
            {failed.reason} Nothing was lost: the next check continues it.
          </Notice>
        )}
        {!isUnderWay && !failed && isLate && (
          <Notice title="The hourly check hasn’t run for a while" tone="warning">
            Ask the operator of this installation whether its worker is running.
          </Notice>
        )}
        {finished && <Figures {...finished} differences={openDifferences} />}
        {openDifferences > 0 && <Differences {...props} />}
        {failedEvents > 0 && <p className="text-caption text-muted">{failedEventsInWords(failedEvents)}</p>}
      </CardSection>
    </Card>
  )
}

function Summary({ isUnderWay, finished, openDifferences }: ReconciliationCardProps) {
  const isClean = !isUnderWay && finished !== null && finished.counted > 0 && openDifferences === 0
  const words = finished ? summaryInWords(finished, openDifferences) : "Not checked yet."
  return (
    // Stays while a check comes and goes, so that a screen reader announces the outcome.
    <p className="flex min-h-6 items-center gap-2" role="status">
      {isUnderWay && <Spinner />}
      {isClean && <Icon className="text-positive" name="check" />}
      {!isUnderWay && openDifferences > 0 && <Icon className="text-warning" name="alert" />}
      {isUnderWay ? "Comparing with Stripe…" : words}
    </p>
  )
}

function Figures({
  counted,
  matched,
  repaired,
  differences,
}: ReconciliationFigures & { differences: number }) {
  const figures = [
    ["Counted", counted],
    ["Matched", matched],
    ["Repaired", repaired],
    ["Differences", differences],
  ] as const
  return (
    <dl className="grid grid-cols-2 gap-x-8 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-12">
      {figures.map(([name, count]) => (
        <div className="flex gap-2" key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="font-medium tabular-nums">{grouped(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Differences({ differences, openDifferences, supportHref }: ReconciliationCardProps) {
  const more = openDifferences - differences.length
  return (
    <div>
      <ul>
        {differences.map((difference) => (
          <li className="border-t border-border py-2.5" key={`${difference.kind} ${difference.objectId}`}>
            <p>{differenceInWords(difference)}</p>
            <p className="text-caption break-all text-muted">{difference.objectId}</p>
          </li>
        ))}
      </ul>
      <p className="border-t border-border pt-2.5 text-caption text-muted">
        {more > 0 && `And ${grouped(more)} more. `}
        Nothing was changed. Send the IDs above to <SupportLink href={supportHref}>support</SupportLink>, who
        can look at both sides.
      </p>
    </div>
  )
}
