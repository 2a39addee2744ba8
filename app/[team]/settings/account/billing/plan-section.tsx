import { type CardIncluded, type CardPlan, PlanCard } from "@/components/plan/plan-card"
import type { PlanOption } from "@/components/plan/plan-types"
import { PortalButton } from "@/components/plan/portal-button"
import { SubscribeButton } from "@/components/plan/subscribe-button"
import { getPlanOverview, type IncludedUse, type PlanOverview, plansAbove } from "@/lib/billing/plan-queries"
import { SOLD_PLANS } from "@/lib/billing/schema"
import type { ChosenPool } from "@/lib/billing-page/queries"
import { CATALOG } from "@/lib/catalog/catalog"
import { toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"
import { RATES } from "@/lib/reference/pages"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { confirmSubscription, openPortal, startSubscription } from "./plan-actions"
import { stripeConfig } from "./stripe-config"
import { supportHref } from "./support-href"

type Props = { viewer: Viewer; poolId: string | null; chosen: ChosenPool }

/** The team's plan, for those who may see its billing. */
export async function PlanSection({ viewer, poolId, chosen }: Props) {
  const { team, member } = viewer
  const { db, now } = pageCtx()
  const overview = await getPlanOverview(db, { teamId: team.id, poolId: chosen.pool.id }, now)
  const mayChange = can(member.role, "plan:change")
  const options = overview.status === null && overview.source !== "contract" ? optionsAbove(overview) : []
  const publicPoolId = poolId && toPublicId("pool", poolId)
  return (
    <PlanCard
      actions={
        <>
          {overview.hasCustomer && (
            <PortalButton
              openPortal={openPortal.bind(null, team.slug, { tab: "plan", poolId: publicPoolId })}
            >
              Manage in Stripe
            </PortalButton>
          )}
          {mayChange && options.length > 0 && (
            <SubscribeButton
              offer={{
                options,
                quantity: overview.quantity,
                stripe: stripeConfig(),
                supportHref: supportHref(),
                actions: {
                  startSubscription: startSubscription.bind(null, team.slug),
                  confirmSubscription: confirmSubscription.bind(null, team.slug),
                },
              }}
            />
          )}
        </>
      }
      askOwner={mayChange || overview.source === "contract" ? null : "Only the Owner can change the plan."}
      included={
        overview.included && !overview.withheld
          ? toIncluded(overview.included, chosen.pools.length > 1 ? (chosen.pool.holder?.name ?? null) : null)
          : null
      }
      now={await readersNow(now)}
      plan={toCardPlan(overview, team.slug)}
      ratesHref={RATES.href}
      supportHref={supportHref()}
    />
  )
}

function toCardPlan(overview: PlanOverview, slug: string): CardPlan {
  const { plan, period, cancelAt, nextPlan, openInvoiceId, included: _, ...rest } = overview
  return {
    ...rest,
    name: CATALOG.plans[plan].name,
    period: { start: period.start.toISOString(), end: period.end.toISOString() },
    payment: paymentOf(overview),
    invoiceHref: openInvoiceId && `/${slug}/settings/account/billing/invoices/${openInvoiceId}`,
    cancelAt: cancelAt?.toISOString() ?? null,
    nextPlan: nextPlan && CATALOG.plans[nextPlan].name,
  }
}

function paymentOf({ status, withheld, isCollectionPaused }: PlanOverview): CardPlan["payment"] {
  if (status === "unpaid" || status === "paused") return status
  if (withheld === "disputed") return "disputed"
  if (isCollectionPaused && withheld) return "collection_paused"
  if (withheld) return "late"
  return status === "past_due" ? "change_late" : "fine"
}

function optionsAbove({ plan: current }: PlanOverview): PlanOption[] {
  return plansAbove(current).flatMap(({ plan, monthlyNanos }) => {
    const sold = SOLD_PLANS.find((each) => each === plan)
    if (!sold) return []
    const { name, includedNanos, terms } = CATALOG.plans[sold]
    const gives = [
      `${formatUsd(includedNanos)} of credits each month`,
      `${inUnits(terms.llm_tokens.allowanceQuantity, "llm_tokens").toLocaleString("en-US")} LLM tokens`,
      `${inUnits(terms.agent_compute.allowanceQuantity, "agent_compute").toLocaleString("en-US")} hours of agent compute`,
    ]
    return [{ plan: sold, name, monthlyNanos, gives }]
  })
}

function toIncluded({ credits, allowances }: IncludedUse, poolName: string | null): CardIncluded {
  return {
    poolName,
    credits,
    allowances: allowances.map(({ consumable, used, granted: grantedParts }) => {
      const { name, unit } = CATALOG.consumables[consumable]
      const granted = inUnits(grantedParts, consumable)
      return { name, unit: granted === 1 ? unit.one : unit.many, used: inUnits(used, consumable), granted }
    }),
  }
}

function inUnits(quantity: bigint, consumable: keyof typeof CATALOG.consumables): number {
  return Number(quantity) / 10 ** CATALOG.consumables[consumable].decimals
}
