import { randomUUID } from "node:crypto"
import { connectDb, type Db } from "@/lib/db/client"
import { usageKey } from "@/lib/metering/usage-key"
import { CONNECTIONS } from "../setup/connections"

const COST_NANOS = 1_200_000n

export type NaivePool = { teamId: string; poolId: string; meterNo: number }

/** Prisma on the ledger's own tables. It poses as the spending function, whose rows no trigger checks again. */
export function connectNaive(databaseUrl: string): Db {
  const url = new URL(databaseUrl)
  url.searchParams.set("options", "-c ledger.writer=spend")
  return connectDb(url.href, CONNECTIONS)
}

type LockedPool = { no: number; last_seq: bigint; credits_nanos: bigint; held_nanos: bigint }

/** The rules of a spend, one after the other in an interactive transaction, as a first version would have them. */
export function spendNaively(db: Db, { teamId, poolId, meterNo }: NaivePool): Promise<void> {
  return db.$transaction(
    async (tx) => {
      const { key, print } = usageKey(randomUUID(), "")
      const [pool] = await tx.$queryRaw<LockedPool[]>`
        SELECT no, last_seq, credits_nanos, held_nanos FROM pools
        WHERE team_id = ${teamId}::uuid AND id = ${poolId}::uuid FOR UPDATE`
      if (!pool || pool.credits_nanos - pool.held_nanos < COST_NANOS) throw new Error("The pool is used up")
      if (await tx.entry.findFirst({ where: { teamId, usageKey: key } }))
        throw new Error("The key was used before")
      const grants = await tx.grant.findMany({
        where: { teamId, poolId, isOpen: true },
        orderBy: [{ priority: "asc" }, { expiresAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
      })
      const [grant] = grants
      // Its grants hold billions, so the first one pays.
      if (!grant || grant.remainingNanos <= COST_NANOS) throw new Error("The grant is used up")
      await tx.grant.update({
        where: { teamId_id: { teamId, id: grant.id } },
        data: { remainingNanos: { decrement: COST_NANOS } },
      })
      const seq = pool.last_seq + 1n
      await tx.entry.create({
        data: {
          teamId,
          poolNo: pool.no,
          seq,
          bucket: "credits",
          kind: "consumption",
          amountNanos: -COST_NANOS,
          balanceAfterNanos: pool.credits_nanos - COST_NANOS,
          usageKey: key,
          usagePrint: print,
          quantity: 1n,
          meterNo,
          grantNo: grant.no,
        },
      })
      await tx.pool.update({
        where: { teamId_id: { teamId, id: poolId } },
        data: {
          lastSeq: seq,
          revision: { increment: 1n },
          creditsNanos: { decrement: COST_NANOS },
          lifetimeSpentNanos: { increment: COST_NANOS },
        },
      })
      await addToDay(tx, { teamId, poolId, meterNo }, seq)
    },
    { maxWait: 60_000, timeout: 60_000 },
  )
}

async function addToDay(tx: Pick<Db, "usageDay">, pool: NaivePool, seq: bigint): Promise<void> {
  const day = new Date(new Date().toISOString().slice(0, 10))
  const none = { allowanceQuantity: 0n, includedNanos: 0n }
  await tx.usageDay.upsert({
    where: { teamId_poolId_day_meterNo: { ...pool, day } },
    create: {
      ...pool,
      ...none,
      day,
      records: 1n,
      quantity: 1n,
      creditsNanos: COST_NANOS,
      firstSeq: seq,
      lastSeq: seq,
    },
    update: {
      records: { increment: 1n },
      quantity: { increment: 1n },
      creditsNanos: { increment: COST_NANOS },
      lastSeq: seq,
    },
  })
}
