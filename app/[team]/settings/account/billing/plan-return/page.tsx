import { redirect } from "next/navigation"
import { syncBilling } from "@/lib/billing/confirm-subscription"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { mayAskStripe } from "@/lib/web/may-ask-stripe"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

/**
 * Stripe's pages return here. Reads what was changed there, then shows the billing page as it was left. A repeated
 * visit changes nothing.
 */
export default async function PlanReturnPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { pool } = await searchParams
  const poolId = typeof pool === "string" ? fromPublicId("pool", pool) : null
  const query = poolId ? `?pool=${toPublicId("pool", poolId)}` : ""
  const billing = `/${slug}/settings/account/billing`
  const viewer = await requireMember(slug, "portal:open")
  if (await mayAskStripe(viewer)) await syncBilling(pageCtx(), viewer.team.id)
  redirect(`${billing}${query}`)
}
