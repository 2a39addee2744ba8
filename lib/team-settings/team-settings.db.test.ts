import { beforeEach, describe, expect, test } from "vitest"
import { startTestSession } from "@/dev/testing/sessions"
import { connect, testSql, untilWaiting } from "@/dev/testing/sql"
import { createTestTeam, type TestMember, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { hashToken } from "@/lib/auth/token"
import { ConflictError, ForbiddenError, InvalidInputError, TooManyAttemptsError } from "@/lib/errors"
import { createTeam } from "@/lib/teams/create-team"
import { getMembershipOfSession } from "@/lib/teams/queries"
import { changeSlug, MAX_FORMER_SLUGS } from "./change-slug"
import { renameTeam } from "./rename-team"
import { saveLowBalance } from "./save-low-balance"
import { saveTimeZone } from "./save-time-zone"
import { changeSlugSchema, lowBalanceSchema, teamTimeZoneSchema } from "./schema"

const world = testDatabase()
const sql = testSql(world)
const now = new Date("2026-11-22T10:00:00Z")
const DAY_MS = 86_400_000
let team: TestTeam

beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const ctx = (by: TestMember = team.owner, of = team, at = now) => ({
  db: world.db,
  now: at,
  team: of,
  actor: by,
})
const read = () => world.db.team.findUniqueOrThrow({ where: { id: team.id } })
const events = () =>
  world.db.auditEvent.findMany({ where: { teamId: team.id }, orderBy: { occurredAt: "asc" } })
const fresh = () => `team-${crypto.randomUUID().slice(0, 12)}`

describe("a team", () => {
  test("takes another name, zone and threshold, each once in the log, and processes learn of it", async () => {
    const { meteringVersion } = await read()
    for (let n = 0; n < 2; n++) {
      await renameTeam(ctx(team.admin), { name: "Fabrikam" })
      await saveTimeZone(ctx(team.admin), { timeZone: "Europe/Berlin" })
      await saveLowBalance(ctx(team.admin), { threshold: 12_500_000_000n })
    }
    const changed = await read()
    expect(changed).toMatchObject({
      name: "Fabrikam",
      timeZone: "Europe/Berlin",
      lowBalanceThresholdNanos: 12_500_000_000n,
    })
    expect(changed.meteringVersion).toBeGreaterThan(meteringVersion)
    expect((await events()).map(({ kind, after }) => [kind, after])).toEqual(
      expect.arrayContaining([
        ["team.renamed", { name: "Fabrikam" }],
        ["team.time_zone_changed", { time_zone: "Europe/Berlin" }],
        ["team.low_balance_changed", { threshold: "12.50" }],
      ]),
    )
    expect(await events()).toHaveLength(3)
  })

  test("is changed by no Member and no stranger", async () => {
    const others = await createTestTeam(world.db)
    const before = await read()
    for (const by of [team.member, others.owner]) {
      await expect(renameTeam(ctx(by), { name: "x" })).rejects.toThrow(ForbiddenError)
      await expect(changeSlug(ctx(by), { slug: fresh() })).rejects.toThrow(ForbiddenError)
      await expect(saveTimeZone(ctx(by), { timeZone: null })).rejects.toThrow(ForbiddenError)
      await expect(saveLowBalance(ctx(by), { threshold: 0n })).rejects.toThrow(ForbiddenError)
    }
    expect(await read()).toEqual(before)
  })
})

describe("another address", () => {
  const placeAt = async (slug: string, person = team.member) => {
    const tokenHash = hashToken(await startTestSession(world.db, person.userId))
    const session = await getMembershipOfSession(world.db, { tokenHash, teamSlug: slug, now })
    return session?.membership?.team.slug ?? null
  }

  test("leads to the team, and so does each former one, for its members alone", async () => {
    const [second, third] = [fresh(), fresh()]
    await changeSlug(ctx(), { slug: second })
    await changeSlug(ctx(), { slug: third })
    for (const slug of [team.slug, second, third]) {
      expect(await placeAt(slug)).toBe(third)
      expect(await placeAt(slug, (await createTestTeam(world.db)).owner)).toBeNull()
    }
  })

  test("is never one that another team has or had, nor a reserved one", async () => {
    const others = await createTestTeam(world.db)
    const former = others.slug
    await changeSlug(ctx(others.owner, others), { slug: fresh() })
    const present = await createTestTeam(world.db)
    for (const slug of [former, present.slug, "account", "api"])
      await expect(changeSlug(ctx(), { slug })).rejects.toThrow(InvalidInputError)
    expect((await read()).slug).toBe(team.slug)
    const made = await createTeam(
      { db: world.db, now },
      { name: former, owner: team.owner, address: "unknown" },
    )
    expect(made.slug).toMatch(new RegExp(`^${former}-[0-9a-f]{6}$`))
    await expect(sql.query("UPDATE teams SET slug = $1 WHERE id = $2", [former, team.id])).rejects.toThrow(
      "another team had this address",
    )
  })

  test("that a team is giving up at this moment is refused to a team that waits for it", async () => {
    const giving = await connect(world)
    const watching = await connect(world)
    const others = await createTestTeam(world.db)
    try {
      await giving.query("BEGIN")
      await giving.query("INSERT INTO former_slugs VALUES ($1, $2, now())", [team.slug, team.id])
      await giving.query("UPDATE teams SET slug = $1 WHERE id = $2", [fresh(), team.id])
      const taking = sql
        .query("UPDATE teams SET slug = $1 WHERE id = $2", [team.slug, others.id])
        .catch((error: Error) => error.message)
      await untilWaiting(watching)
      await giving.query("COMMIT")
      expect(await taking).toContain("another team had this address")
    } finally {
      await giving.end()
      await watching.end()
    }
  })

  test("may be one of its own former ones", async () => {
    const second = fresh()
    await changeSlug(ctx(), { slug: second })
    await changeSlug(ctx(), { slug: team.slug })
    expect((await read()).slug).toBe(team.slug)
    expect(await placeAt(second)).toBe(team.slug)
  })

  test("is changed ten times a day, and a team keeps at most twenty", async () => {
    for (let n = 0; n < MAX_FORMER_SLUGS; n++)
      await changeSlug(ctx(team.owner, team, new Date(now.getTime() + Math.floor(n / 10) * DAY_MS)), {
        slug: fresh(),
      })
    const late = new Date(now.getTime() + 2 * DAY_MS)
    await expect(changeSlug(ctx(team.owner, team, late), { slug: fresh() })).rejects.toThrow(ConflictError)
    await changeSlug(ctx(team.owner, team, late), { slug: team.slug })
    for (let n = 0; n < 8; n++)
      await expect(changeSlug(ctx(team.owner, team, late), { slug: "api" })).rejects.toThrow(
        InvalidInputError,
      )
    await expect(changeSlug(ctx(team.owner, team, late), { slug: "api" })).rejects.toThrow(
      TooManyAttemptsError,
    )
  })
})

describe("what is typed", () => {
  test.each(["a", "-ab", "ab-", "a--b", "Ab", "a b", "a_b", "é-a", "a/b", "x".repeat(49), "", "ab\u0000"])(
    "is no address: %o",
    (slug) => {
      expect(changeSlugSchema.safeParse({ slug }).success).toBe(false)
    },
  )

  test.each([
    ["0", 0n],
    ["12.5", 12_500_000_000n],
    ["$1,000.00", 1_000_000_000_000n],
  ])("is the threshold %s", (threshold, nanos) => {
    expect(lowBalanceSchema.parse({ threshold })).toEqual({ threshold: nanos })
  })

  test.each(["", "-1", "1e3", "1000000.01", "1.234567891011", "9".repeat(30), "x"])(
    "is no threshold: %o",
    (threshold) => {
      expect(lowBalanceSchema.safeParse({ threshold }).success).toBe(false)
    },
  )

  test("is a zone of the list", () => {
    expect(teamTimeZoneSchema.safeParse({ timeZone: "Mars/Olympus" }).success).toBe(false)
    expect(teamTimeZoneSchema.safeParse({ timeZone: "Asia/Kolkata" }).success).toBe(true)
  })
})
