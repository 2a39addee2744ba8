import { toTransactionDetails } from "@/components/credits/transaction-details"
import type { OpenedTransaction } from "@/components/credits/transaction-sheet"
import { getTransactionFacts } from "@/lib/billing-page/transaction-detail"
import { findNeighbours } from "@/lib/billing-page/transaction-list"
import { env } from "@/lib/env"
import { toEntryId } from "@/lib/ledger/entry-id"
import type { PoolRef, Transaction } from "@/lib/ledger/transactions"
import type { pageCtx } from "@/lib/web/page-ctx"
import { transactionHrefs } from "./transaction-hrefs"

type Asked = {
  slug: string
  pool: PoolRef
  transaction: Transaction
  listed: { seq: bigint }[]
  /** Whether the list is of all of the pool's transactions. */
  isWhole: boolean
  /** The list's address with a transaction opened, or with none. */
  hrefOf: (seq: bigint | null) => string
}

/** Reads what the sheet shows of one transaction. */
export async function readOpened(
  db: ReturnType<typeof pageCtx>["db"],
  { slug, pool, transaction, listed, isWhole, hrefOf }: Asked,
): Promise<OpenedTransaction> {
  const [facts, { newer, older }] = await Promise.all([
    getTransactionFacts(db, pool, transaction),
    findNeighbours(db, pool, transaction.seq, { listed, isWhole }),
  ])
  const hrefs = transactionHrefs(slug)
  return {
    id: String(transaction.seq),
    details: toTransactionDetails({ poolId: pool.id, transaction, facts }, hrefs),
    reference: toEntryId({ poolNo: pool.no, seq: transaction.seq }),
    link: new URL(hrefs.transaction({ poolId: pool.id, seq: transaction.seq }), env().APP_URL).href,
    closeHref: hrefOf(null),
    newerHref: newer === null ? null : hrefOf(newer),
    olderHref: older === null ? null : hrefOf(older),
  }
}
