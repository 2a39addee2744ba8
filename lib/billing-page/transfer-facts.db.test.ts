import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { memberCtx } from "@/dev/testing/members"
import { buyCredits } from "@/dev/testing/pools"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { approveRequest } from "@/lib/credit-requests/answer-request"
import { moveCredits } from "@/lib/credit-requests/move-credits"
import { listTransactionsOf } from "@/lib/credit-requests/queries"
import { listRecentTransactions } from "@/lib/ledger/transactions"
import { getTransactionFacts } from "./transaction-detail"
import { getTransferFacts } from "./transfer-facts"

const world = testDatabase()

const poolOf = async (team: TestTeam, { poolId }: TestMember) => {
  const { no } = await world.db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id: poolId } },
  })
  return { teamId: team.id, id: poolId, no }
}

test("a transfer leads to its other side and to the request that it answered, and the request to it", async () => {
  const team = await createTestTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(100))
  const { id: requestId } = await world.db.creditRequest.create({
    data: { teamId: team.id, memberId: team.member.memberId, amountNanos: usd(25), reason: "Nightly evals" },
  })
  await approveRequest(memberCtx(world, team, team.owner), { requestId, amountNanos: usd(20) })
  const [from, to] = [await poolOf(team, team.owner), await poolOf(team, team.member)]
  const [sent] = await listRecentTransactions(world.db, from, 1)
  const [got] = await listRecentTransactions(world.db, to, 1)
  if (!sent || !got?.causeId) throw new Error("Nothing was moved")
  const request = {
    askedBy: "MEMBER of the test",
    amountNanos: usd(25),
    reason: "Nightly evals",
    answeredAt: expect.any(Date),
  }
  const facts = { movedBy: "OWNER of the test", request }
  expect((await getTransactionFacts(world.db, from, sent)).transfer).toEqual({
    ...facts,
    other: { poolId: to.id, holder: "MEMBER of the test", seq: got.seq },
  })
  expect((await getTransactionFacts(world.db, to, got)).transfer).toEqual({
    ...facts,
    other: { poolId: from.id, holder: "OWNER of the test", seq: sent.seq },
  })
  expect(await listTransactionsOf(world.db, team.id, [requestId])).toEqual(
    new Map([[requestId, { poolId: to.id, seq: got.seq }]]),
  )
  // Another team finds nothing, and a third pool has no part in it.
  const others = await createTestTeam(world.db)
  expect(await listTransactionsOf(world.db, others.id, [requestId])).toEqual(new Map())
  expect(await getTransferFacts(world.db, await poolOf(team, team.admin), got.causeId)).toBeNull()
  expect(await getTransferFacts(world.db, await poolOf(others, others.owner), got.causeId)).toBeNull()
})

test("a transfer without a request has none", async () => {
  const team = await createTestTeam(world.db)
  await buyCredits(world.db, team, team.owner, usd(100))
  await moveCredits(memberCtx(world, team, team.owner), {
    fromPoolId: team.owner.poolId,
    to: { kind: "pool", poolId: team.member.poolId },
    amountNanos: usd(20),
    requestKey: randomUUID(),
  })
  const to = await poolOf(team, team.member)
  const [got] = await listRecentTransactions(world.db, to, 1)
  expect(got && (await getTransactionFacts(world.db, to, got)).transfer).toMatchObject({
    movedBy: "OWNER of the test",
    request: null,
  })
})
