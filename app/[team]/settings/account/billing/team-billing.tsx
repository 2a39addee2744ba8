import { BalanceOverTime } from "@/components/credits/balance-over-time"
import { CreditsCard } from "@/components/credits/credits-card"
import { PoolMenu } from "@/components/credits/pool-chooser"
import { PurchaseButton } from "@/components/credits/purchase-button"
import { toTransactionRow } from "@/components/credits/transaction-rows"
import { Notice } from "@/components/ui/notice"
import { SupportLink } from "@/components/ui/support-link"
import { projectedTopUp } from "@/lib/billing-page/outlook"
import type { ChosenPool, Overview } from "@/lib/billing-page/queries"
import { toPublicId } from "@/lib/ids"
import { emptyUntil } from "@/lib/pools/empty-until"
import type { Pool } from "@/lib/pools/queries"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { cancelPurchase, confirmPurchase, startPurchase } from "./actions"
import { AutoTopUp } from "./auto-top-up"
import { balanceOverTimeOf, type ShownDays } from "./balance-over-time"
import { includedOf } from "./included-of"
import { MoveCredits } from "./move-credits"
import { stripeConfig } from "./stripe-config"
import { supportHref } from "./support-href"

type Props = { viewer: Viewer; chosen: ChosenPool; overview: Overview; shown: ShownDays }

export async function TeamBilling({ viewer, chosen: { pool, pools }, overview, shown }: Props) {
  const { slug } = viewer.team
  const { now } = pageCtx()
  const readerNow = await readersNow(now)
  const publicPoolId = toPublicId("pool", pool.id)
  const overTime = balanceOverTimeOf(pool, overview.balance, {
    ...{ shown, now },
    topUp: projectedTopUp(overview.autoTopUp),
    hrefOf: (days) => `/${slug}/settings/account/billing?pool=${publicPoolId}&days=${days}`,
  })
  const isLeftBehind = pool.holder?.hasLeft ?? false
  const entries = pools.map((each) => toPoolEntry(slug, each, pool.id))
  return (
    <div className="flex flex-col gap-6">
      {overview.parkedPayments > 0 && (
        <Notice tone="warning">
          A payment arrived that doesn’t match a purchase. It is kept safe and not yet credited;{" "}
          <SupportLink href={supportHref()}>contact support</SupportLink>.
        </Notice>
      )}
      <CreditsCard
        historyHref={`/${slug}/settings/account/billing/transactions?pool=${publicPoolId}`}
        now={readerNow}
        pool={{
          id: publicPoolId,
          balanceNanos: pool.balanceNanos,
          isLow: pool.isLow,
          figures: overview.figures,
          included: includedOf(pool, now),
          debtCause: overview.debtCause,
          emptyUntil: emptyUntil(pool, now)?.toISOString(),
        }}
        pools={entries}
        processing={overview.processing.map(({ id, amountNanos, createdAt }) => ({
          id,
          amountNanos,
          occurredAt: createdAt.toISOString(),
        }))}
        purchaseButton={
          <div className="flex flex-wrap items-start justify-end gap-2">
            <MoveCredits
              movableNanos={overview.toGive.shownNanos}
              pool={pool}
              pools={pools}
              viewer={viewer}
            />
            {!isLeftBehind && (
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
            )}
          </div>
        }
        title={creditsTitle(pool, pools)}
        transactions={overview.transactions.map((each) =>
          toTransactionRow(
            each,
            `/${slug}/settings/account/billing/transactions?pool=${publicPoolId}&open=${each.seq}`,
          ),
        )}
      >
        <AutoTopUp
          approvals={overview.approvals}
          now={readerNow}
          overview={overview.autoTopUp}
          paymentMethods={overview.paymentMethods}
          pool={{
            id: pool.id,
            isLow: pool.isLow,
            isLeftBehind,
            ownerName: pools.length > 1 ? (pool.holder?.name ?? null) : null,
          }}
          viewer={viewer}
        />
      </CreditsCard>
      {overTime && <BalanceOverTime {...overTime} />}
      {entries.length > 1 && <PoolMenu pools={entries} />}
    </div>
  )
}

function toPoolEntry(slug: string, pool: Pool, currentId: string) {
  const id = toPublicId("pool", pool.id)
  return {
    id,
    name: pool.holder?.name ?? "Team",
    role: pool.holder ? (pool.holder.hasLeft ? "Left the team" : ROLE_NAMES[pool.holder.role]) : "",
    balanceNanos: pool.balanceNanos,
    isLow: pool.isLow,
    paysForAutomation: pool.holder === null || pool.holder.role === "OWNER",
    href: `/${slug}/settings/account/billing?pool=${id}`,
    current: pool.id === currentId,
  }
}

/** `Ada Marlow’s credits`. A shared pool belongs to the team; somebody with a single pool knows whose it is. */
function creditsTitle({ holder }: Pool, pools: Pool[]): string {
  if (holder === null) return "Team credits"
  return pools.length > 1 ? `${holder.name}’s credits` : "Credits"
}
