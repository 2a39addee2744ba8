import { notFound } from "next/navigation"
import { CreditsCard } from "@/components/credits/credits-card"
import { PoolsCard } from "@/components/credits/pools-card"
import { PurchaseButton } from "@/components/credits/purchase-button"
import { toTransactionRow } from "@/components/credits/transaction-rows"
import { Notice } from "@/components/ui/notice"
import { type BillingOverview, getBillingOverview } from "@/lib/billing/queries"
import { toPublicId } from "@/lib/ids"
import { emptyUntil } from "@/lib/pools/empty-until"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import type { Viewer } from "@/lib/web/require-member"
import { cancelPurchase, confirmPurchase, startPurchase } from "./actions"
import { AutoTopUp } from "./auto-top-up"
import { stripeConfig } from "./stripe-config"

type Props = { viewer: Viewer; poolId: string | null }

export async function TeamBilling({ viewer, poolId }: Props) {
  const { slug } = viewer.team
  const { db, now } = pageCtx()
  const overview = await getBillingOverview(db, viewer.team, poolId, now)
  if (!overview) notFound()
  const { pool, pools, dailySpendNanos } = overview
  const publicPoolId = toPublicId("pool", pool.id)
  return (
    <div className="flex flex-col gap-6">
      {overview.parkedPayments > 0 && (
        <Notice tone="warning">
          A payment arrived that doesn’t match a purchase. It is kept safe and not yet credited; contact
          support.
        </Notice>
      )}
      <CreditsCard
        historyHref={`/${slug}/settings/account/billing/transactions?pool=${publicPoolId}`}
        now={now.toISOString()}
        pool={{
          ...pool,
          id: publicPoolId,
          pace: paceOf(pool.balanceNanos, dailySpendNanos),
          debtCause: overview.debtCause,
          emptyUntil: emptyUntil(pool, now)?.toISOString(),
        }}
        processing={overview.processing.map(({ id, amountNanos, createdAt }) => ({
          id,
          amountNanos,
          occurredAt: createdAt.toISOString(),
        }))}
        purchaseButton={
          <PurchaseButton
            actions={{
              startPurchase: startPurchase.bind(null, slug),
              confirmPurchase: confirmPurchase.bind(null, slug),
              cancelPurchase: cancelPurchase.bind(null, slug),
            }}
            key={publicPoolId}
            pool={{
              id: publicPoolId,
              balanceNanos: pool.balanceNanos,
              ownerName: pools.length > 1 ? pool.holder?.name : null,
            }}
            stripe={stripeConfig()}
          />
        }
        transactions={overview.transactions.map(toTransactionRow)}
      >
        <AutoTopUp
          pool={{
            id: pool.id,
            isLow: pool.isLow,
            ownerName: pools.length > 1 ? (pool.holder?.name ?? null) : null,
          }}
          viewer={viewer}
        />
      </CreditsCard>
      {pools.length > 1 && <PoolsCard pools={pools.map((each) => toPoolEntry(slug, each, pool.id))} />}
    </div>
  )
}

function toPoolEntry(slug: string, pool: BillingOverview["pool"], currentId: string) {
  const id = toPublicId("pool", pool.id)
  return {
    id,
    name: pool.holder?.name ?? "Team",
    role: pool.holder ? ROLE_NAMES[pool.holder.role] : "",
    balanceNanos: pool.balanceNanos,
    isLow: pool.isLow,
    paysForAutomation: pool.holder === null || pool.holder.role === "OWNER",
    href: `/${slug}/settings/account/billing?pool=${id}`,
    current: pool.id === currentId,
  }
}

function paceOf(balanceNanos: bigint, dailySpendNanos: bigint | null): { days: number } | null {
  if (dailySpendNanos === null || dailySpendNanos <= 0n || balanceNanos <= 0n) return null
  // Tenths of a day are enough for a sentence, and keep the division exact until the last step.
  const tenthsOfDays = (balanceNanos * 10n) / dailySpendNanos
  return { days: Number(tenthsOfDays) / 10 }
}
