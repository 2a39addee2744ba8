import { describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, readEntries, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, interceptedConnections, SMS_NANOS, testMetering } from "@/dev/testing/metering"
import { answerTo, usageOf } from "@/dev/testing/metering-usage"
import { addTestMember } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { SignInRequiredError } from "@/lib/errors"
import { Metering } from "./metering"
import type { TeamContext } from "./team-context"

const world = testDatabase()
const meterings = testMetering(world)

const usages = async (pool: Parameters<typeof readEntries>[1]) =>
  (await readEntries(world.db, pool)).filter(({ usageKey }) => usageKey !== null)

const revoke = (teamId: string, id: string) =>
  world.db.apiKey.update({ where: { teamId_id: { teamId, id } }, data: { revokedAt: new Date() } })

/** As an API route allows it: the key must be one of the team’s. */
const withKey = (id: string) => (team: TeamContext) => {
  if (![...team.keys.values()].some((key) => key.id === id)) throw new SignInRequiredError()
}

describe("from the next request", () => {
  test("a revoked key is refused, in processes that knew it too", async () => {
    const { team, pool } = await createPayingTeam(world, usd(50))
    const { id } = await createTestApiKey(world.db, team)
    const processes = meterings.startMany(2)
    const usage = () => usageOf({ authorise: withKey(id) })
    for (const metering of processes)
      expect(await answerTo(metering, team.id, usage())).toMatchObject({ replayed: false })
    await revoke(team.id, id)
    for (const metering of processes)
      expect(await answerTo(metering, team.id, usage())).toEqual({ refused: "sign_in_required" })
    expect(await usages(pool)).toHaveLength(2)
  })

  test("a member who joins is known, in processes that knew the team before", async () => {
    const { team } = await createPayingTeam(world, usd(50))
    const metering = meterings.start()
    await answerTo(metering, team.id, usageOf())
    const joined = await addTestMember(world.db, { teamId: team.id, plan: "build", role: "MEMBER" })
    await credit(world.db, { teamId: team.id, poolId: joined.poolId }, usd(5))
    const cause = { trigger: "user", user: joined.email, apiKeyId: null } as const
    expect(await answerTo(metering, team.id, usageOf({ cause }))).toMatchObject({ replayed: false })
  })

  test("a revoked key learns nothing of who is in the team", async () => {
    const { team } = await createPayingTeam(world, usd(50))
    const { id } = await createTestApiKey(world.db, team)
    const metering = meterings.start()
    const cause = { trigger: "user", user: "nobody@example.com", apiKeyId: null } as const
    const usage = () => usageOf({ cause, authorise: withKey(id) })
    expect(await answerTo(metering, team.id, usage())).toEqual({ refused: "invalid_input" })
    await revoke(team.id, id)
    expect(await answerTo(metering, team.id, usage())).toEqual({ refused: "sign_in_required" })
  })

  test("a revoked key learns nothing of what it was charged before", async () => {
    const { team } = await createPayingTeam(world, usd(5))
    const { id } = await createTestApiKey(world.db, team)
    const [metering, other] = [meterings.start(), meterings.start()]
    const usage = usageOf({ authorise: withKey(id) })
    expect(await answerTo(metering, team.id, usage)).toMatchObject({ replayed: false })
    await revoke(team.id, id)
    for (const each of [metering, other])
      expect(await answerTo(each, team.id, usage)).toEqual({ refused: "sign_in_required" })
  })

  test("usage that was charged is answered again after the member has left", async () => {
    const { team } = await createPayingTeam(world, 0n)
    await credit(world.db, { teamId: team.id, poolId: team.member.poolId }, usd(50))
    const metering = meterings.start()
    const usage = usageOf({ cause: { trigger: "user", user: team.member.email, apiKeyId: null } })
    const first = await answerTo(metering, team.id, usage)
    await world.db.member.update({
      where: { teamId_id: { teamId: team.id, id: team.member.memberId } },
      data: { removedAt: new Date() },
    })
    expect(await answerTo(metering, team.id, usage)).toEqual({ ...first, replayed: true })
    expect(await answerTo(metering, team.id, { ...usage, quantity: 2n })).toEqual({
      refused: "idempotency_key_reused",
    })
  })

  test("an integration used by somebody outside the team bills the Owner", async () => {
    const { team, pool } = await createPayingTeam(world, usd(50))
    const cause = { trigger: "integration", user: "guest@slack.example", apiKeyId: null } as const
    expect(await answerTo(meterings.start(), team.id, usageOf({ cause }))).toMatchObject({ replayed: false })
    expect(await usages(pool)).toHaveLength(1)
  })

  test("another plan’s rate holds", async () => {
    const { team } = await createPayingTeam(world, usd(50))
    const metering = meterings.start()
    expect(await answerTo(metering, team.id, usageOf())).toMatchObject({
      receipt: { costNanos: SMS_NANOS },
    })
    await world.db.team.update({ where: { id: team.id }, data: { plan: "max" } })
    expect(await answerTo(metering, team.id, usageOf())).toMatchObject({ receipt: { costNanos: 9_000_000n } })
  })

  test("a removed member is nobody of the team any more", async () => {
    const { team } = await createPayingTeam(world, 0n)
    const member = { teamId: team.id, poolId: team.member.poolId }
    await credit(world.db, member, usd(50))
    const metering = meterings.start()
    const usage = () => usageOf({ cause: { trigger: "user", user: team.member.email, apiKeyId: null } })
    expect(await answerTo(metering, team.id, usage())).toMatchObject({ replayed: false })
    await world.db.member.update({
      where: { teamId_id: { teamId: team.id, id: team.member.memberId } },
      data: { removedAt: new Date() },
    })
    expect(await answerTo(metering, team.id, usage())).toEqual({ refused: "invalid_input" })
    expect(await usages(member)).toHaveLength(1)
  })

  test("a deleted team spends nothing", async () => {
    const { team, pool } = await createPayingTeam(world, usd(50))
    const metering = meterings.start()
    await answerTo(metering, team.id, usageOf())
    await world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } })
    expect(await answerTo(metering, team.id, usageOf())).toEqual({ refused: "not_found" })
    expect(await usages(pool)).toHaveLength(1)
  })

  test("another low-balance threshold holds", async () => {
    const { team, pool } = await createPayingTeam(world, usd(50))
    const metering = meterings.start()
    await answerTo(metering, team.id, usageOf())
    await world.db.team.update({ where: { id: team.id }, data: { lowBalanceThresholdNanos: usd(50) } })
    await answerTo(metering, team.id, usageOf())
    expect(await readPool(world.db, pool)).toMatchObject({ isLow: true })
  })
})

describe("a key that is revoked in the very moment", () => {
  /** A process that sees the key revoked right before or after it first sends a statement. */
  async function racing(statement: string, when: "before" | "after", balance: bigint) {
    const { team, pool } = await createPayingTeam(world, balance)
    await credit(world.db, { teamId: team.id, poolId: team.admin.poolId }, balance)
    const { id } = await createTestApiKey(world.db, team)
    let isDone = false
    const race = async (name: string) => {
      if (isDone || name !== statement) return
      isDone = true
      await revoke(team.id, id)
    }
    const metering = new Metering(
      interceptedConnections(meterings.connect(), async ({ name }, run) => {
        if (when === "before") await race(name)
        const rows = await run()
        if (when === "after") await race(name)
        return rows
      }),
    )
    const report = (user: string) =>
      answerTo(
        metering,
        team.id,
        usageOf({ authorise: withKey(id), cause: { trigger: "user", user, apiKeyId: null } }),
      )
    const answers = await Promise.all([report(team.owner.email), report(team.admin.email)])
    const written = [
      ...(await usages(pool)),
      ...(await usages({ teamId: team.id, poolId: team.admin.poolId })),
    ]
    return { answers, written }
  }

  test.each([
    ["before", "ledger_spend", usd(50)],
    ["after", "ledger_read_pools", usd(50)],
    // Low after this: planned and written under the pool’s lock, while the team is not locked.
    ["before", "ledger_spend", usd(5) + 1n],
    ["after", "team_context_version", usd(5) + 1n],
    ["before", "team_context_version", usd(5) + 1n],
  ] as const)(
    "%s %s writes nothing that is not answered, and answers nothing that is not written",
    async (when, statement, balance) => {
      const { answers, written } = await racing(statement, when, balance)
      expect(answers).toEqual([{ refused: "sign_in_required" }, { refused: "sign_in_required" }])
      expect(written).toEqual([])
    },
  )
})
