import type { ReactNode } from "react"
import type { Hindrance, Method, ResumeCharge, Settings } from "@/components/auto-top-up/auto-top-up-types"
import { capAlertInWords, hindranceInWords, monthInWords } from "@/components/auto-top-up/auto-top-up-words"
import { ProcessingRefresher } from "@/components/credits/processing-refresher"
import { CardSection } from "@/components/ui/card"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import { formatUsd } from "@/lib/money/usd"

type AutoTopUpSectionProps = {
  settings: Settings | null
  method: Method | null
  capNanos: bigint | null
  /** The whole team's top-ups of this month, charged and under way. */
  committedNanos: bigint
  hindrance: Hindrance | null
  resumeCharge: ResumeCharge | null
  /** The pool is low and only usage is missing to make it due. Money taken back never starts a charge. */
  waitsForUsage: boolean
  /** The pool's holder has left the team, so it can't be turned on. */
  isLeftBehind: boolean
  /** A top-up is under way or about to be, so the page keeps looking for it. */
  isComing: boolean
  settingsButton: ReactNode
  capButton: ReactNode
  /** The one-click way to remove the hindrance. */
  remedy: ReactNode
  /** Changes that wait for a second person, and the rule by which they do. */
  approvals: ReactNode
  approvalButton: ReactNode
  historyHref: string
  now: string
}

/** The part of the Credits card that says in one sentence what auto top-up does, and what keeps it from doing so. */
export function AutoTopUpSection(props: AutoTopUpSectionProps) {
  const { settings, method, capNanos, committedNanos, hindrance, remedy, now } = props
  const isOn = settings?.enabled === true
  const words =
    hindrance &&
    hindranceInWords(hindrance, {
      capNanos,
      methodName: method?.name ?? null,
      resumeNanos: props.resumeCharge?.amountNanos ?? null,
      now,
    })
  const capAlert = isOn && !words ? capAlertInWords(committedNanos, capNanos) : null
  return (
    <CardSection action={!props.isLeftBehind && props.settingsButton} divided title="Auto Top-Up">
      <div className="flex flex-col gap-3">
        {isOn ? (
          <p className="text-muted">
            Adds <b className="font-medium text-text">{formatUsd(settings.amountNanos)}</b> when the balance
            is at or below <b className="font-medium text-text">{formatUsd(settings.thresholdNanos)}</b>
            {method && (
              <>
                {" · "}
                <span aria-hidden="true" className="whitespace-nowrap tabular-nums">
                  {method.name}
                </span>
                <span className="sr-only">{method.spokenName}</span>
              </>
            )}
            {" · "}
            <span className="whitespace-nowrap">{monthInWords(committedNanos, capNanos)}</span>
          </p>
        ) : (
          <p className="max-w-[60ch] text-muted">
            {props.isLeftBehind
              ? "Nobody draws from this pool any more, so it isn’t topped up."
              : "Add credits automatically before you run out."}
          </p>
        )}
        {isOn && props.waitsForUsage && (
          <p>The balance is low. Auto top-up adds {formatUsd(settings.amountNanos)} with the next usage.</p>
        )}
        {words && (
          <Notice action={remedy} title={words.title} tone={words.tone}>
            {words.text}
          </Notice>
        )}
        {capAlert && <Notice tone="warning">{capAlert}</Notice>}
        {props.isComing && <ProcessingRefresher />}
        {props.approvals}
        {settings ? (
          <div className="-ml-3 flex flex-wrap items-center gap-x-1">
            {!props.isLeftBehind && props.capButton}
            {props.approvalButton}
            <Link
              className="rounded-control px-3 py-1.5 text-caption font-medium text-accent underline-offset-4 hover:underline"
              href={props.historyHref}
            >
              Why was I (not) topped up?
            </Link>
          </div>
        ) : (
          <div className="-ml-3 flex">{props.approvalButton}</div>
        )}
      </div>
    </CardSection>
  )
}
