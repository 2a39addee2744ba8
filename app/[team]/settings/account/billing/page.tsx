import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { Suspense } from "react"
import { CreditsCardSkeleton } from "@/components/credits/credits-card-skeleton"
import { InvoicesCardSkeleton } from "@/components/invoices/invoices-card-skeleton"
import { PaymentMethodsSkeleton } from "@/components/payment-methods/payment-methods-skeleton"
import { PlanCardSkeleton } from "@/components/plan/plan-card-skeleton"
import { ReconciliationSkeleton } from "@/components/reconciliation/reconciliation-skeleton"
import { PageHeader } from "@/components/shell/page-header"
import { fromPublicId } from "@/lib/ids"
import { hasPool } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { InvoicesSection } from "./invoices-section"
import { MemberBilling } from "./member-billing"
import { PaymentMethods } from "./payment-methods"
import { PlanSection } from "./plan-section"
import { TeamBilling } from "./team-billing"
import { TeamReconciliation } from "./team-reconciliation"

export const metadata: Metadata = { title: "Billing" }

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ pool?: string | string[] }> }

export default async function BillingPage({ params, searchParams }: Props) {
  const { team } = await params
  const viewer = await requireMember(team, "own-balance:view")
  const { pool } = await searchParams
  const poolId = typeof pool === "string" ? fromPublicId("pool", pool) : null
  // Before anything is streamed: after that the answer can't become a 404.
  if (pool !== undefined && !(poolId && (await hasPool(pageCtx().db, viewer.team.id, poolId)))) notFound()
  return (
    <>
      <PageHeader title="Billing" trail={["Settings", "Account"]} />
      <div className="flex flex-col gap-6">
        <Suspense fallback={<CreditsCardSkeleton />}>
          {can(viewer.member.role, "credits:view") ? (
            <TeamBilling poolId={poolId} viewer={viewer} />
          ) : (
            <MemberBilling viewer={viewer} />
          )}
        </Suspense>
        {can(viewer.member.role, "portal:open") && (
          <Suspense fallback={<PlanCardSkeleton />}>
            <PlanSection poolId={poolId} viewer={viewer} />
          </Suspense>
        )}
        {can(viewer.member.role, "payment-methods:manage") && (
          <Suspense fallback={<PaymentMethodsSkeleton />}>
            <PaymentMethods viewer={viewer} />
          </Suspense>
        )}
        {can(viewer.member.role, "invoices:view") && (
          <Suspense fallback={<InvoicesCardSkeleton />}>
            <InvoicesSection poolId={poolId} viewer={viewer} />
          </Suspense>
        )}
        {can(viewer.member.role, "reconciliation:view") && (
          <Suspense fallback={<ReconciliationSkeleton />}>
            <TeamReconciliation viewer={viewer} />
          </Suspense>
        )}
      </div>
    </>
  )
}
