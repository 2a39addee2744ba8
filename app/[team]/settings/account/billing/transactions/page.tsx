import { notFound } from "next/navigation"
import { ExportMenu } from "@/components/credits/export-menu"
import { TransactionFilterBar } from "@/components/credits/transaction-filter-bar"
import { toTransactionRow } from "@/components/credits/transaction-rows"
import { TransactionSearch } from "@/components/credits/transaction-search"
import { TransactionsPage } from "@/components/credits/transactions-page"
import { choosePool, withReceipts } from "@/lib/billing-page/queries"
import { getTransactionChoices } from "@/lib/billing-page/transaction-choices"
import { chosenQuery, parseChosen, problemsOf, toLedgerFilter } from "@/lib/billing-page/transaction-filter"
import { listFiltered, listReferred } from "@/lib/billing-page/transaction-list"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { can } from "@/lib/teams/permissions"
import { parseCursor, parsePlace } from "@/lib/web/cursor"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { prepareExport } from "./export-actions"
import { choicesInWords, emptyWords, exportOf, fieldsOf, parseReference } from "./filter-words"
import { readOpened } from "./opened"
import { listAddress } from "./transaction-hrefs"

export const generateMetadata = teamTitle("Transactions", "credits:view")

type Query = Record<string, string | string[] | undefined>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

const OF_FILTERED = { newer: "Newest", older: "Older" }

export default async function TransactionsRoute({ params, searchParams }: Props) {
  const { team: slug } = await params
  const billing = `/${slug}/settings/account/billing`
  const viewer = await requireMember(slug, "credits:view")
  const query = await searchParams
  const { db, now } = pageCtx()
  const poolId = typeof query.pool === "string" ? fromPublicId("pool", query.pool) : null
  const chosenPool = query.pool === undefined || poolId ? await choosePool(db, viewer, poolId) : null
  const [cursor, openSeq, chosen] = [parseCursor(query), parsePlace(query.open), parseChosen(query)]
  const reference = parseReference(query.ref)
  if (!chosenPool || !cursor || openSeq === null || !chosen || reference === null) notFound()

  const { pool, pools } = chosenPool
  const problems = problemsOf(chosen)
  const hasProblem = Object.keys(problems).length > 0
  const filter = hasProblem ? {} : toLedgerFilter(chosen)
  // A filtered list is known from a place on, and not backwards.
  const isFiltered = Object.keys(filter).length > 0
  if (isFiltered && cursor.after !== undefined) notFound()
  const [list, choices, readerNow] = await Promise.all([
    reference === undefined
      ? listFiltered(db, pool, filter, { cursor, openSeq })
      : listReferred(db, pool, reference, openSeq),
    getTransactionChoices(db, pool, filter),
    readersNow(now),
  ])
  const { memberId, apiKeyId } = chosen
  const isKnown = (id: string | null, among: { id: string }[]) =>
    id === null || id === "none" || among.some((each) => each.id === id)
  if (!isKnown(memberId, choices.members) || !isKnown(apiKeyId, choices.keys)) notFound()

  const path = `${billing}/transactions`
  const publicId = toPublicId("pool", pool.id)
  const inAddress = { pool: publicId, ...(hasProblem ? {} : chosenQuery(chosen)) }
  const href = listAddress(path, reference === undefined ? inAddress : { pool: publicId, ref: reference })
  const files = hasProblem || reference !== undefined ? null : exportOf(slug, inAddress, choices)
  const here = { ...list.cursor }
  const [transactions, opened] = await Promise.all([
    withReceipts(db, viewer.team.id, hasProblem ? [] : list.listed),
    list.opened &&
      readOpened(db, {
        ...{ slug, pool, transaction: list.opened, listed: list.listed },
        isWhole: !isFiltered && reference === undefined,
        hrefOf: (seq) => href({ ...here, open: seq }),
      }),
  ])
  return (
    <TransactionsPage
      action={
        files &&
        can(viewer.member.role, "records:export") && (
          <ExportMenu
            filePath={files.filePath}
            files={files.files}
            large={
              files.isLarge ? { prepare: prepareExport.bind(null, slug), path: `${billing}/exports` } : null
            }
            size={files.size}
          />
        )
      }
      backHref={`${billing}?pool=${publicId}`}
      bar={
        <div className="flex flex-col gap-3">
          <TransactionSearch
            clearHref={`${path}?pool=${publicId}`}
            path={path}
            pool={publicId}
            reference={reference ?? ""}
          />
          <TransactionFilterBar
            choices={choicesInWords(choices, pools, chosen)}
            clearHref={`${path}?pool=${publicId}`}
            fields={fieldsOf(chosen)}
            path={path}
            pool={publicId}
            problems={problems}
          />
        </div>
      }
      empty={emptyWords({ hasProblem, reference, isFiltered, isShort: list.isShort })}
      newerHref={list.newer && href(list.newer)}
      now={readerNow}
      olderHref={list.older && href(list.older)}
      opened={opened}
      pagerWords={isFiltered ? OF_FILTERED : undefined}
      poolName={pools.length > 1 && reference === undefined ? (pool.holder?.name ?? "Team") : null}
      transactions={transactions.map((each) =>
        toTransactionRow(
          each,
          each.poolId === pool.id
            ? href({ ...here, open: each.seq })
            : href({ pool: toPublicId("pool", each.poolId), open: each.seq }),
        ),
      )}
    />
  )
}
