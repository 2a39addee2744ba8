import type { ReactNode } from "react"
import { BillingFrame } from "@/components/billing/billing-frame"
import { toPublicId } from "@/lib/ids"
import { type BillingTab, billingTabs } from "@/lib/web/billing-tabs"
import type { Viewer } from "@/lib/web/require-member"

type Props = {
  viewer: Viewer
  current: BillingTab
  /** The pool that the address names. */
  poolId: string | null
  children: ReactNode
}

/** The frame of Billing's pages as this reader has it. */
export function Framed({ viewer: { team, member }, current, poolId, children }: Props) {
  const named = { current, poolId: poolId && toPublicId("pool", poolId) }
  return <BillingFrame tabs={billingTabs(team.slug, member.role, named)}>{children}</BillingFrame>
}
