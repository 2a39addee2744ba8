import { notFound } from "next/navigation"
import { TransactionDetail } from "@/components/credits/transaction-detail"
import { toTransactionDetails } from "@/components/credits/transaction-details"
import { toTransactionRow } from "@/components/credits/transaction-rows"
import { TransactionsPage } from "@/components/credits/transactions-page"
import { choosePool, withReceipts } from "@/lib/billing-page/queries"
import { getTransactionFacts } from "@/lib/billing-page/transaction-detail"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { listTransactionPageAt } from "@/lib/ledger/transactions"
import { parseCursor, parsePlace } from "@/lib/web/cursor"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { transactionHrefs } from "./transaction-hrefs"

export const generateMetadata = teamTitle("Transactions", "credits:view")

type Query = Partial<Record<"pool" | "before" | "after" | "open", string | string[]>>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

export default async function TransactionsRoute({ params, searchParams }: Props) {
  const { team: slug } = await params
  const billing = `/${slug}/settings/account/billing`
  const viewer = await requireMember(slug, "credits:view")
  const query = await searchParams
  const { db, now } = pageCtx()
  const poolId = typeof query.pool === "string" ? fromPublicId("pool", query.pool) : null
  const chosen = query.pool === undefined || poolId ? await choosePool(db, viewer, poolId) : null
  const cursor = parseCursor(query)
  const openSeq = parsePlace(query.open)
  if (!chosen || !cursor || openSeq === null) notFound()

  const { pool, pools } = chosen
  const page = await listTransactionPageAt(db, pool, cursor, openSeq)
  const publicId = toPublicId("pool", pool.id)
  const href = (more: Record<string, bigint | null | undefined>) => {
    const given = Object.entries(more).filter(([, value]) => value !== null && value !== undefined)
    const rest = given.map(([name, value]) => `&${name}=${value}`).join("")
    return `${billing}/transactions?pool=${publicId}${rest}`
  }
  const opened = page.transactions.find(({ seq }) => seq === openSeq)
  const [transactions, facts, readerNow] = await Promise.all([
    withReceipts(db, viewer.team.id, page.transactions),
    opened && getTransactionFacts(db, pool, opened),
    readersNow(now),
  ])
  const details =
    opened &&
    facts &&
    toTransactionDetails({ poolId: pool.id, transaction: opened, facts }, transactionHrefs(slug))
  return (
    <TransactionsPage
      backHref={`${billing}?pool=${publicId}`}
      newerHref={page.newerAfter === null ? null : href({ after: page.newerAfter })}
      now={readerNow}
      olderHref={page.olderBefore === null ? null : href({ before: page.olderBefore })}
      opened={
        opened && details
          ? { id: String(opened.seq), detail: <TransactionDetail details={details} now={readerNow} /> }
          : null
      }
      poolName={pools.length > 1 ? (pool.holder?.name ?? "Team") : null}
      transactions={transactions.map((each) =>
        toTransactionRow(each, href({ ...page.cursor, open: each.seq === openSeq ? null : each.seq })),
      )}
    />
  )
}
