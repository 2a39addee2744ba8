import { beforeEach, describe, expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, testApi } from "@/dev/testing/metering-api"
import { buyCredits, giveCredits } from "@/dev/testing/pools"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { hashToken } from "@/lib/auth/token"
import { ConflictError, ForbiddenError, InvalidInputError } from "@/lib/errors"
import { getMembershipOfSession } from "@/lib/teams/queries"
import { deleteTeam } from "./delete-team"
import { getRemains } from "./queries"

const world = testApi()
const now = new Date()
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const remove = (by: TestMember = team.owner, name = team.name) =>
  deleteTeam({ db: world.db, now, team, actor: by }, { name })
const isThere = async () =>
  (await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).deletedAt === null

describe("a deleted team", () => {
  test("opens for nobody, its keys are refused at once, and its books stay", async () => {
    await buyCredits(world.db, team, team.owner, usd(25))
    const { apiKey } = await createTestApiKey(world.db, team)
    const tokenHash = hashToken(await startTestSession(world.db, team.owner.userId))
    expect((await callApi("GET /balance", { key: apiKey })).status).toBe(200)
    expect(await getRemains({ db: world.db, now }, team.id)).toMatchObject({
      creditsNanos: usd(25),
      members: 3,
    })
    await remove(team.owner, ` ${team.name.toUpperCase()} `)
    expect((await callApi("GET /balance", { key: apiKey })).status).toBe(401)
    const session = await getMembershipOfSession(world.db, { tokenHash, teamSlug: team.slug, now })
    expect(session?.membership).toBeNull()
    expect(await world.db.entry.count({ where: { teamId: team.id, bucket: "credits" } })).toBe(1)
    const [event] = await world.db.auditEvent.findMany({ where: { teamId: team.id, kind: "team.deleted" } })
    expect(event).toMatchObject({ after: { credits: "25.00", members: 3 } })
  })

  test("is turned off: no pool is topped up any more", async () => {
    await world.db.autoTopUpSettings.count({ where: { teamId: team.id } })
    await remove()
    expect(await world.db.autoTopUpSettings.count({ where: { teamId: team.id, enabled: true } })).toBe(0)
  })
})

describe("a team is not deleted", () => {
  test("by anybody but its Owner, or without its name", async () => {
    const others = await createTestTeam(world.db)
    for (const by of [team.admin, team.member, others.owner])
      await expect(remove(by)).rejects.toThrow(ForbiddenError)
    for (const name of ["", "another", team.slug])
      await expect(remove(team.owner, name)).rejects.toThrow(InvalidInputError)
    expect(await isThere()).toBe(true)
  })

  test("while a purchase is under way", async () => {
    await world.db.purchase.create({
      data: {
        teamId: team.id,
        poolId: team.owner.poolId,
        amountNanos: usd(10),
        requestKey: crypto.randomUUID(),
        requestedByMemberId: team.owner.memberId,
        kind: "one_time",
        expiresAt: new Date(Date.now() + 3_600_000),
      },
    })
    await expect(remove()).rejects.toThrow(/payment is under way/)
    expect(await isThere()).toBe(true)
  })

  test("while a run holds credits", async () => {
    await giveCredits(world.db, team, team.owner, usd(50))
    const { apiKey } = await createTestApiKey(world.db, team)
    const { json } = await callApi("POST /holds", { key: apiKey, body: { consumable: "sms", quantity: 200 } })
    await expect(remove()).rejects.toThrow(ConflictError)
    const { id } = json.hold as { id: string }
    expect((await callApi(`POST /holds/${id}/release`, { key: apiKey })).status).toBe(200)
    await remove()
    expect(await isThere()).toBe(false)
  })
})
