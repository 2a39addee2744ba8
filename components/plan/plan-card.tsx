import type { ReactNode } from "react"
import { PAYMENT_BADGES, PaymentNotice, type PlanPayment } from "@/components/plan/payment-notice"
import { compact, membersInWords, nextInWords, periodInWords } from "@/components/plan/plan-words"
import { Badge } from "@/components/ui/badge"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import { SupportLink } from "@/components/ui/support-link"
import { parseReadersNow } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

export type CardPlan = {
  name: string
  source: "free" | "subscription" | "operator" | "contract"
  monthlyNanos: bigint | null
  quantity: number
  /** ISO instants. */
  period: { start: string; end: string }
  isWaiting: boolean
  /** The payment's problem, if there is one. */
  payment: PlanPayment
  /** Leads to the unpaid invoice, if there is one. */
  invoiceHref: string | null
  cancelAt: string | null
  hasScheduledChange: boolean
  nextPlan: string | null
  othersLive: number
}

export type CardIncluded = {
  /** Names the pool's holder, where the team has several pools. */
  poolName: string | null
  credits: { leftNanos: bigint; grantedNanos: bigint }
  /** In units. */
  allowances: { name: string; unit: string; used: number; granted: number }[]
}

type PlanCardProps = {
  plan: CardPlan
  included: CardIncluded | null
  /** The buttons for this person: upgrade, the portal, or none. */
  actions: ReactNode
  /** Names who may change the plan, for people who may not. */
  askOwner: string | null
  supportHref: string | null
  /** The public price list. */
  ratesHref: string
  now: string
}

const TITLE_ID = "plan-title"

export function PlanCard({ plan, included, actions, askOwner, supportHref, ratesHref, now }: PlanCardProps) {
  return (
    <Card labelledBy={TITLE_ID}>
      <CardHeader action={<div className="flex flex-wrap justify-end gap-3">{actions}</div>}>
        <CardTitle id={TITLE_ID}>Plan</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-4">
        <div>
          <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
            <p className="flex items-center gap-3">
              <span className="text-title font-semibold">{plan.name}</span>
              <StateBadge plan={plan} />
            </p>
            <p className="text-muted">{priceInWords(plan)}</p>
          </div>
          <p className="mt-1 text-caption text-muted">
            {periodOf(plan, parseReadersNow(now).at)} ·{" "}
            <Link
              className="rounded-sm font-medium text-accent underline-offset-4 hover:underline"
              href={ratesHref}
            >
              Rates
            </Link>
          </p>
        </div>
        <PaymentNotice invoiceHref={plan.invoiceHref} payment={plan.payment} supportHref={supportHref} />
        {plan.othersLive > 0 && (
          <Notice title="Two subscriptions" tone="danger">
            Your team pays for more than one subscription. The newest counts. Cancel the other under Manage in
            Stripe, or <SupportLink href={supportHref}>contact support</SupportLink> for a refund.
          </Notice>
        )}
        {askOwner && <p className="text-caption text-muted">{askOwner}</p>}
      </CardSection>
      {included && givesAnything(included) && <Included included={included} />}
    </Card>
  )
}

const givesAnything = ({ credits, allowances }: CardIncluded) =>
  credits.grantedNanos > 0n || allowances.length > 0

function StateBadge({ plan }: { plan: CardPlan }) {
  const badge = PAYMENT_BADGES[plan.payment]
  if (badge)
    return (
      <Badge icon="alert" tone={badge.tone}>
        {badge.text}
      </Badge>
    )
  if (plan.cancelAt) return <Badge icon="clock">Ending</Badge>
  if (plan.hasScheduledChange) return <Badge icon="clock">Changing</Badge>
  return null
}

function priceInWords({ source, monthlyNanos, quantity }: CardPlan): string {
  if (source === "contract" || monthlyNanos === null) return "By contract"
  if (source === "free") return "$0.00 a month"
  if (source === "operator") return "Included free by your provider"
  const total = formatUsd(monthlyNanos * BigInt(quantity))
  return quantity === 1
    ? `${total} a month`
    : `${total} a month (${membersInWords(quantity)} × ${formatUsd(monthlyNanos)})`
}

function periodOf(plan: CardPlan, now: Date): string {
  const [start, end] = [new Date(plan.period.start), new Date(plan.period.end)]
  const cancelAt = plan.cancelAt ? new Date(plan.cancelAt) : null
  return `${periodInWords({ start, end })} · ${nextInWords({ ...plan, cancelAt, end }, now)}`
}

function Included({ included: { poolName, credits, allowances } }: { included: CardIncluded }) {
  return (
    <CardSection divided title="Included this period">
      {poolName && <p className="-mt-2 mb-3 text-caption wrap-anywhere text-muted">{poolName}</p>}
      <ul className="grid gap-x-10 gap-y-3 sm:grid-cols-2">
        {credits.grantedNanos > 0n && (
          <Meter
            label="Included credits"
            share={shareOf(credits.grantedNanos - credits.leftNanos, credits.grantedNanos)}
            text={`${formatUsd(credits.grantedNanos - credits.leftNanos)} of ${formatUsd(credits.grantedNanos)} used`}
          />
        )}
        {allowances.map(({ name, unit, used, granted }) => (
          <Meter
            key={name}
            label={name}
            share={granted > 0 ? used / granted : 0}
            text={`${compact(used)} of ${compact(granted)} ${unit} used`}
          />
        ))}
      </ul>
    </CardSection>
  )
}

/** The bar repeats the words for the eye. */
function Meter({ label, text, share }: { label: string; text: string; share: number }) {
  return (
    <li>
      <div className="flex items-baseline justify-between gap-3 text-caption">
        <span>{label}</span>
        <span className="text-muted tabular-nums">{text}</span>
      </div>
      <svg
        aria-hidden="true"
        className="mt-1 block h-1 w-full rounded-full bg-sunken"
        focusable="false"
        preserveAspectRatio="none"
        viewBox="0 0 100 1"
      >
        <rect
          className={share >= 1 ? "fill-warning" : "fill-accent"}
          height="1"
          width={Math.min(100, Math.max(0, share * 100))}
        />
      </svg>
    </li>
  )
}

function shareOf(used: bigint, granted: bigint): number {
  return Number((used * 1000n) / granted) / 1000
}
