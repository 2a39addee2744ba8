import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { toDecimalString } from "@/lib/money/usd"
import { raise } from "@/lib/notifications/raise"
import { listRecipients } from "@/lib/notifications/recipients"
import { enqueueJob } from "@/lib/queue/enqueue"
import { statementNumber } from "./month"
import { hasMoved, type Statement, sumBalances } from "./statement"

/**
 * Tells of a statement in the transaction that writes it: in the app, by webhooks, and with one mail to the billing email
 * and one to each member who asked for them. A month in which nothing happened is news for nobody.
 */
export async function tellStatement(
  { tx, now }: { tx: Tx; now: Date },
  teamId: string,
  statement: Statement,
): Promise<void> {
  if (!hasMoved(statement)) return
  const { id } = statement
  const about = { teamId, type: "credit_statement_ready" as const, poolId: null, memberId: null }
  await raise(queryIn(tx), { ...about, cause: id, data: factsOf(statement) }, now)
  const members = await listRecipients(tx, about, "email")
  for (const memberId of [null, ...members.map((member) => member.memberId)])
    await enqueueJob(
      tx,
      "mail-statement",
      { teamId, statementId: id, memberId },
      { key: `mail-statement:${id}:${memberId ?? "billing"}` },
    )
}

/** Returns the facts that people and webhooks are told. */
export function factsOf(statement: Statement) {
  const { id, month, pools } = statement
  const { openingNanos, closingNanos, moved } = sumBalances(pools.map(({ credits }) => credits))
  return {
    statement_id: toPublicId("stm", id),
    number: statementNumber(statement),
    month,
    opening: toDecimalString(openingNanos),
    bought: toDecimalString(moved.purchase + moved.auto_top_up),
    used: toDecimalString(-moved.consumption - moved.consumption_reversal),
    closing: toDecimalString(closingNanos),
  }
}
