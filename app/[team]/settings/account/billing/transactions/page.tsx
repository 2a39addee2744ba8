import type { Metadata } from "next"
import { notFound } from "next/navigation"
import { toTransactionRow } from "@/components/credits/transaction-rows"
import { TransactionsPage } from "@/components/credits/transactions-page"
import { choosePool, withReceipts } from "@/lib/billing/queries"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { listTransactionPage } from "@/lib/ledger/queries"
import { parseCursor } from "@/lib/web/cursor"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"

export const metadata: Metadata = { title: "Transactions" }

type Query = { pool?: string | string[]; before?: string | string[]; after?: string | string[] }
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

export default async function TransactionsRoute({ params, searchParams }: Props) {
  const { team: slug } = await params
  const billing = `/${slug}/settings/account/billing`
  const { team } = await requireMember(slug, "credits:view")
  const query = await searchParams
  const { db, now } = pageCtx()
  const poolId = typeof query.pool === "string" ? fromPublicId("pool", query.pool) : null
  const chosen = query.pool === undefined || poolId ? await choosePool(db, team, poolId) : null
  const cursor = parseCursor(query)
  if (!chosen || !cursor) notFound()

  const { pool, pools } = chosen
  const page = await listTransactionPage(db, pool, cursor)
  const publicId = toPublicId("pool", pool.id)
  const href = (param: "before" | "after", seq: bigint | null) =>
    seq === null ? null : `${billing}/transactions?pool=${publicId}&${param}=${seq}`
  const transactions = await withReceipts(db, team.id, page.transactions)
  return (
    <TransactionsPage
      backHref={`${billing}?pool=${publicId}`}
      newerHref={href("after", page.newerAfter)}
      now={now.toISOString()}
      olderHref={href("before", page.olderBefore)}
      poolName={pools.length > 1 ? (pool.holder?.name ?? "Team") : null}
      transactions={transactions.map(toTransactionRow)}
    />
  )
}
