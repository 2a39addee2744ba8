import { redirect } from "next/navigation"
import { syncBilling } from "@/lib/billing/confirm-subscription"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { billingHref } from "@/lib/web/billing-tabs"
import { mayAskStripe } from "@/lib/web/may-ask-stripe"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"

type Query = Partial<Record<"pool" | "tab", string | string[]>>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

/**
 * Stripe's pages return here. Reads what was changed there, then shows the page of Billing that people left. A
 * repeated visit changes nothing.
 */
export default async function PlanReturnPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { pool, tab } = await searchParams
  const poolId = typeof pool === "string" ? fromPublicId("pool", pool) : null
  const viewer = await requireMember(slug, "portal:open")
  if (await mayAskStripe(viewer)) await syncBilling(pageCtx(), viewer.team.id)
  redirect(billingHref(slug, tab === "payments" ? "payments" : "plan", poolId && toPublicId("pool", poolId)))
}
