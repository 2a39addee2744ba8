import { beforeEach, describe, expect, test } from "vitest"
import { z } from "zod"
import { beginRequest, request } from "@/dev/testing/requests"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { startSession } from "@/lib/auth/session"
import { ConflictError } from "@/lib/errors"
import { memberAction } from "./member-action"

const world = testDatabase()
let team: TestTeam
let runs: string[] = []

const action = memberAction({
  permission: "credits:purchase",
  input: z.strictObject({ name: z.string().min(1, "Name it.") }),
  async run({ team: { id }, actor: { memberId, address } }, { name }) {
    runs.push(name)
    if (name === "conflict") throw new ConflictError("It is taken.")
    if (name === "bug") throw new Error("a secret detail of the inside")
    return { id, memberId, address }
  },
})

beforeEach(async () => {
  team = await createTestTeam(world.db)
  runs = []
  beginRequest()
})

const signIn = (role: "owner" | "admin" | "member") => startSession(team[role].userId)

describe("an action runs", () => {
  test.each(["owner", "admin"] as const)("for the %s, who is who the database says", async (role) => {
    await signIn(role)
    expect(await action(team.slug, { name: "it" })).toEqual({
      ok: true,
      value: { id: team.id, memberId: team[role].memberId, address: "unknown" },
    })
  })
})

describe("an action is refused and doesn’t run", () => {
  const refusal = async (slug: string, ...given: unknown[]) => {
    const [input] = given.length === 0 ? [{ name: "it" }] : given
    // Input from the network has no types.
    const answer = await action(slug, input as { name: string })
    expect(runs).toEqual([])
    return answer.ok ? "ran" : answer.code
  }

  test("without a session", async () => {
    expect(await refusal(team.slug)).toBe("sign_in_required")
    expect(request.pageReads, "the page that leads to sign-in").toBe(1)
  })

  test("to a Member", async () => {
    await signIn("member")
    expect(await refusal(team.slug)).toBe("forbidden")
  })

  test("in another team as in one that doesn’t exist", async () => {
    const other = await createTestTeam(world.db)
    await signIn("owner")
    expect(await refusal(other.slug)).toBe("not_found")
    expect(await refusal("no-such-team")).toBe("not_found")
    expect(await action(other.slug, { name: "it" })).toEqual(await action("no-such-team", { name: "it" }))
  })

  test("from the request after a demotion, a removal, or the end of the team", async () => {
    await signIn("admin")
    const change = (data: object) => world.db.member.updateMany({ where: { id: team.admin.memberId }, data })
    await change({ role: "MEMBER" })
    expect(await refusal(team.slug)).toBe("forbidden")
    await change({ role: "ADMIN", removedAt: new Date() })
    expect(await refusal(team.slug)).toBe("not_found")
    await change({ removedAt: null })
    await world.db.team.update({ where: { id: team.id }, data: { deletedAt: new Date() } })
    expect(await refusal(team.slug)).toBe("not_found")
  })

  test.each([{}, { origin: "null" }, { origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }])(
    "from elsewhere (%o), before anything else is looked at",
    async (headers) => {
      await signIn("owner")
      const { request } = await import("@/dev/testing/requests")
      request.headers = new Headers(headers as Record<string, string>)
      expect(await refusal(team.slug)).toBe("forbidden")
    },
  )

  test.each([undefined, null, 1, [], {}, { name: 1 }, { name: { not: "" } }, { name: "it", role: "OWNER" }])(
    "with the input %o",
    async (input) => {
      await signIn("owner")
      expect(await refusal(team.slug, input)).toBe("invalid_input")
    },
  )

  test.each([undefined, null, { contains: "" }, { not: "" }, ["northwind"], "", "north\0wind"])(
    "for the team %o",
    async (slug) => {
      await signIn("owner")
      expect(await refusal(slug as string)).toBe("not_found")
    },
  )
})

describe("what an action says", () => {
  test("names the field that is wrong", async () => {
    await signIn("owner")
    expect(await action(team.slug, { name: "" })).toEqual({
      ok: false,
      code: "invalid_input",
      message: "Name it.",
      field: "name",
    })
  })

  test("is the sentence of a refusal, and one fixed sentence of a bug", async () => {
    await signIn("owner")
    expect(await action(team.slug, { name: "conflict" })).toMatchObject({
      ok: false,
      code: "conflict",
      message: "It is taken.",
    })
    const answer = await action(team.slug, { name: "bug" })
    expect(answer).toMatchObject({ ok: false, code: "internal" })
    expect(JSON.stringify(answer)).not.toContain("secret detail")
  })
})
