import { consumableName } from "@/lib/catalog/catalog"
import { DAY_MS, MINUTE_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { getMemberNames } from "@/lib/teams/names"
import { readRecipient } from "./addresses"
import { beginOf, endOf, type Month, monthAfter, monthOf } from "./month"
import {
  findPoolMonths,
  type MeterUse,
  type PoolEnd,
  type PoolMonth,
  readEnds,
  sumEntries,
} from "./read-month"
import { readPayments } from "./read-payments"
import type { Statement, StatementPool, UsedLine } from "./statement"
import { tellStatement } from "./tell-statement"
import { writeStatement } from "./write-statement"

/** Later than any transaction of the month commits: none lasts longer than half a minute. */
const AFTER_MONTH_MS = 10 * MINUTE_MS

/** Nobody is told of a month that was over long before its statement was made. */
const TOLD_MS = 45 * DAY_MS

/** Returns the last month whose statement can be made. */
export function lastMonth(now: Date): Month {
  const month = monthOf(new Date(now.getTime() - AFTER_MONTH_MS))
  return monthOf(new Date(beginOf(month).getTime() - DAY_MS))
}

/**
 * Makes every statement that the team lacks, month after month up to the last one that is over. Each is written in one
 * transaction once everything is read, so a run may end anywhere and another may go on, even at the same time: a month
 * is written once, with the next number. Entries never change, so it doesn't matter when they are read.
 */
export async function makeStatements(
  { db, now, provider }: { db: Db; now: Date; provider: string[] },
  { teamId }: { teamId: string },
): Promise<void> {
  const team = await db.team.findUnique({ where: { id: teamId }, select: { name: true, deletedAt: true } })
  if (!team || team.deletedAt) return
  const last = lastMonth(now)
  // All that a team had before there were statements isn't news, except for the last month.
  const isFirstRun = (await findLast(db, teamId)) === null
  for (;;) {
    const before = await findLast(db, teamId)
    const month = before ? monthAfter(before.month) : await findFirstMonth(db, teamId)
    if (month === null || month > last) return
    const read = { ...(await readMonth(db, { id: teamId, name: team.name }, month, before)), provider }
    await db.$transaction(async (tx) => {
      const id = await writeStatement(tx, teamId, { ...read, createdAt: now })
      if (id === null) return
      const isRecent = endOf(month).getTime() > now.getTime() - TOLD_MS
      if (month === last || (isRecent && !isFirstRun))
        await tellStatement({ tx, now }, teamId, { ...read, id, createdAt: now })
    })
  }
}

type Last = { month: Month; no: number; ends: PoolEnd[] }

async function findLast(db: Db, teamId: string): Promise<Last | null> {
  const last = await db.statement.findFirst({ where: { teamId }, orderBy: { month: "desc" } })
  if (!last) return null
  const rows = await db.statementBalance.findMany({ where: { teamId, statementId: last.id } })
  const ends = new Map<number, PoolEnd>()
  for (const { poolNo, bucket, lastSeq, closingNanos } of rows) {
    const end = ends.get(poolNo) ?? { poolNo, lastSeq, creditsNanos: 0n, includedNanos: 0n }
    ends.set(poolNo, { ...end, [`${bucket}Nanos`]: closingNanos })
  }
  return { month: monthOf(last.month), no: last.no, ends: [...ends.values()] }
}

/** Returns the month of the team's first entry. Null when it has none. */
async function findFirstMonth(db: Db, teamId: string): Promise<Month | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT min(e.created_at) AS at FROM pools p
    JOIN entries e ON e.team_id = p.team_id AND e.pool_no = p.no AND e.bucket IN ('included', 'credits') AND e.seq = 1
    WHERE p.team_id = ${teamId}::uuid`
  return row?.at ? monthOf(row.at) : null
}

type Read = Omit<Statement, "id" | "createdAt" | "provider">

async function readMonth(
  db: Db,
  team: { id: string; name: string },
  month: Month,
  before: Last | null,
): Promise<Read> {
  const months = await findPoolMonths(db, team.id, month, before?.ends ?? [])
  const [ends, sums, payments] = [
    await readEnds(db, team.id, months),
    await sumEntries(db, team.id, months),
    await readPayments(db, team.id, months),
  ]
  const used = await describeUses(db, team.id, sums.uses)
  const holders = months.flatMap(({ memberId }) => memberId ?? [])
  const names = await getMemberNames(db, team.id, holders)
  const opened = new Map(before?.ends.map((end) => [end.poolNo, end]))
  const toPool = ({ poolNo, poolId, memberId, until }: PoolMonth): StatementPool => {
    const [opening, end, sum] = [opened.get(poolNo), ends.get(poolNo), sums.balances.get(poolNo)]
    if (!end || !sum) throw new Error("A pool of the month wasn't read")
    return {
      ...{ poolId, poolNo, lastSeq: until },
      holderName: memberId === null ? null : (names.get(memberId) ?? "Former member"),
      credits: {
        ...sum.credits,
        openingNanos: opening?.creditsNanos ?? 0n,
        closingNanos: end.creditsNanos,
      },
      included: {
        ...sum.included,
        openingNanos: opening?.includedNanos ?? 0n,
        closingNanos: end.includedNanos,
      },
      used: used.get(poolNo) ?? [],
      payments: payments.get(poolNo) ?? [],
    }
  }
  return {
    month,
    no: (before?.no ?? 0) + 1,
    teamName: team.name,
    recipient: await readRecipient(db, team),
    pools: months.map(toPool),
  }
}

/** Returns the usage of each pool by consumable and member, with names, the dearest first. */
async function describeUses(db: Db, teamId: string, uses: MeterUse[]): Promise<Map<number, UsedLine[]>> {
  const nos = [...new Set(uses.map(({ meterNo }) => meterNo))]
  const meters = await db.meter.findMany({ where: { teamId, no: { in: nos } } })
  const members = [...new Set(meters.flatMap(({ memberId }) => memberId ?? []))]
  const names = await getMemberNames(db, teamId, members)
  const byNo = new Map(meters.map((meter) => [meter.no, meter]))
  const lines = new Map<number, Map<string, UsedLine>>()
  for (const { poolNo, meterNo, ...sums } of uses) {
    const meter = byNo.get(meterNo)
    if (!meter) throw new Error("An entry has a meter")
    const { consumable, decimals, memberId } = meter
    const ofPool = lines.get(poolNo) ?? new Map<string, UsedLine>()
    lines.set(poolNo, ofPool)
    const key = `${consumable} ${decimals} ${memberId}`
    const line = ofPool.get(key) ?? {
      ...{ consumable, decimals, memberId, consumableName: consumableName(consumable) },
      memberName: memberId && (names.get(memberId) ?? "Former member"),
      ...{ records: 0n, quantity: 0n, allowanceQuantity: 0n, includedNanos: 0n, creditsNanos: 0n },
    }
    ofPool.set(key, line)
    line.records += sums.records
    line.quantity += sums.quantity
    line.allowanceQuantity += sums.allowanceQuantity
    line.includedNanos += sums.includedNanos
    line.creditsNanos += sums.creditsNanos
  }
  return new Map([...lines].map(([poolNo, ofPool]) => [poolNo, [...ofPool.values()].sort(byCost)]))
}

const costOf = ({ includedNanos, creditsNanos }: UsedLine) => includedNanos + creditsNanos

function byCost(a: UsedLine, b: UsedLine): number {
  if (costOf(a) !== costOf(b)) return costOf(a) > costOf(b) ? -1 : 1
  return `${a.consumable} ${a.memberId}` < `${b.consumable} ${b.memberId}` ? -1 : 1
}
