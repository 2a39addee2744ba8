import { readdirSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "@/dev/stack/build"
import { callServerAction, listServerActions, type ServerAction } from "@/dev/testing/actions"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import type { Db } from "@/lib/db/client"
import type { ControlClient } from "@/stand-in/control/client"
import { type Actor, isSignedIn, makeActors } from "./authorisation/actors"
import { ACTIONS, PAGES, ROUTES, unknownThings } from "./authorisation/table"
import { makeThings, type Things } from "./authorisation/things"
import { expect, required, test } from "./fixtures"

// Over HTTP and without a page, as anybody can ask. No cell changes anything, so all share a team and its things.
test.describe.configure({ mode: "default" })

let world: Promise<{ team: TestTeam; things: Things; actors: Actor[] }> | undefined
const sharedWorld = (db: Db, stripe: ControlClient) => {
  world ??= (async () => {
    const team = await createTestTeam(db)
    return { team, things: await makeThings(db, stripe, team), actors: await makeActors(db, team) }
  })()
  return world
}

const FILES = readdirSync(join(ROOT, "app"), { recursive: true, encoding: "utf8" })
/** The addresses of all files of a name, as their folders say them. */
const addressesOf = (file: string) =>
  FILES.filter((path) => path === file || path.endsWith(`/${file}`)).map(
    (path) => `/${path}`.replace(/\/\([\w-]+\)/g, "").replace(`/${file}`, "") || "/",
  )

async function get(
  path: string,
  session: string | null,
): Promise<{ status: number; to: string; body: string }> {
  const answer = await fetch(new URL(path, required("E2E_APP_URL")), {
    redirect: "manual",
    headers: session ? { cookie: `${SESSION_COOKIE}=${session}` } : {},
  })
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream")
  if (isStream) await answer.body?.cancel()
  const to = answer.headers.get("location") ?? ""
  return { status: answer.status, to, body: isStream ? "" : await answer.text() }
}

test("every page, action and route is in the table", async () => {
  expect(addressesOf("page.tsx").sort(), "pages").toEqual(Object.keys(PAGES).sort())
  expect((await listServerActions()).map(({ name }) => name).sort(), "actions").toEqual(
    Object.keys(ACTIONS).sort(),
  )
  expect(addressesOf("route.ts").sort(), "routes").toEqual(Object.keys(ROUTES).sort())
})

test("a page opens for those whom the table names, and doesn’t exist for anybody else", async ({
  db,
  stripe,
}) => {
  const { team, things: own, actors } = await sharedWorld(db, stripe)
  for (const [address, page] of Object.entries(PAGES)) {
    if (page === "everybody") continue
    const below = page === "people" ? null : (page.path?.(own) ?? address.replace("/[team]", ""))
    const ask = async (actor: Actor) => {
      const cell = `${address} for ${actor.name}`
      const { status, to, body } = await get(
        below === null ? address : `/${team.slug}${below}`,
        actor.session,
      )
      if (!isSignedIn(actor)) expect([status, to], cell).toEqual([307, expect.stringContaining("/sign-in")])
      else if (page === "people") expect([status, to].join(" "), cell).not.toContain("/sign-in")
      else if (actor.role && page.roles.includes(actor.role)) expect([200, 307], cell).toContain(status)
      else {
        expect(status, cell).toBe(404)
        const titles = new Set(body.match(/<title>[^<]*<\/title>/g))
        expect([...titles], cell).toEqual(["<title>Not found · Credits</title>"])
        if (actor.role === null) expect(body, cell).not.toContain(team.name)
      }
    }
    await Promise.all(actors.map(ask))
  }
})

test("a page about another team’s thing doesn’t exist, as one about nothing", async ({ db, stripe }) => {
  const { things: theirs } = await sharedWorld(db, stripe)
  const mine = await createTestTeam(db)
  const session = await startTestSession(db, mine.owner.userId)
  for (const [address, page] of Object.entries(PAGES)) {
    if (typeof page === "string") continue
    if (address.replace("[team]", "").includes("[")) expect(page.foreign, address).toBeDefined()
    for (const pathOf of page.foreign ?? [])
      for (const things of [theirs, unknownThings()]) {
        const below = pathOf(things)
        const path = `/${mine.slug}${below.startsWith("?") ? address.replace("/[team]", "") : ""}${below}`
        expect((await get(path, session)).status, path).toBe(404)
      }
  }
})

test("an action obeys those whom the table names, and nobody else", async ({ db, stripe }) => {
  const { team, actors } = await sharedWorld(db, stripe)
  const before = await everythingOf(db, team)
  for (const action of await listServerActions()) {
    const rule = ACTIONS[action.name]
    if (rule === undefined || rule === "open") continue
    const path = pageOf(action, team.slug)
    const call = async ({ session }: Actor, input: unknown) => {
      const args = rule === "person" ? [input] : [team.slug, input]
      return (await callServerAction(action, { path, session, args })).value
    }
    const ask = async (actor: Actor) => {
      const isAllowed = rule === "person" || (actor.role !== null && rule.roles.includes(actor.role))
      // Input that fits no schema is refused after everything that is asked here, so that nothing is ever done.
      for (const input of actor.role === "OWNER" ? NONSENSE : NONSENSE.slice(0, 1)) {
        const code = !isSignedIn(actor)
          ? "sign_in_required"
          : isAllowed
            ? "invalid_input"
            : actor.role
              ? "forbidden"
              : "not_found"
        expect(await call(actor, input), `${action.name} for ${actor.name}`).toMatchObject({
          ok: false,
          code,
        })
      }
    }
    await Promise.all(actors.map(ask))
  }
  expect(await everythingOf(db, team)).toEqual(before)
})

const NONSENSE: unknown[] = [
  { nonsense: true },
  null,
  [],
  "x",
  { id: { not: "" }, teamId: "x", role: "OWNER" },
]

test("an action about another team’s thing finds nothing, as about nothing at all", async ({
  db,
  stripe,
}) => {
  const { team, things: theirs } = await sharedWorld(db, stripe)
  const mine = await createTestTeam(db)
  const session = await startTestSession(db, mine.owner.userId)
  const before = [await everythingOf(db, team), await everythingOf(db, mine)]
  for (const action of await listServerActions()) {
    const rule = ACTIONS[action.name]
    if (rule === undefined || typeof rule === "string" || !rule.input) continue
    const call = async (input: object) =>
      (await callServerAction(action, { path: pageOf(action, mine.slug), session, args: [mine.slug, input] }))
        .value
    const answer = await call(rule.input(theirs))
    expect(answer, action.name).toMatchObject({ ok: false, code: "not_found" })
    expect(await call(rule.input(unknownThings())), action.name).toEqual(answer)
  }
  expect([await everythingOf(db, team), await everythingOf(db, mine)]).toEqual(before)
})

test("a route answers those whom the table names, and tells nobody else anything", async ({ db, stripe }) => {
  const { team, things, actors } = await sharedWorld(db, stripe)
  for (const [address, rule] of Object.entries(ROUTES)) {
    if ("own" in rule) continue
    const path = rule.path?.(things) ?? address
    for (const actor of actors) {
      const { status, body } = await get(path.replace("[team]", team.slug), actor.session)
      const isAllowed = actor.role !== null && rule.roles.includes(actor.role)
      expect(status, `${address} for ${actor.name}`).toBe(isAllowed ? 200 : rule.refused)
      if (!isAllowed) expect(body).not.toContain(team.name)
    }
  }
})

/** The page whose scripts call the action. */
function pageOf({ file }: ServerAction, slug: string): string {
  const folder = file
    .replace(/^app/, "")
    .replace(/\/\([\w-]+\)/g, "")
    .replace(/\/[\w-]+\.ts$/, "")
  return folder.replace("[team]", slug)
}

/**
 * Tables that time and Stripe write too: a period begins, usage is counted by run, a payment method is read again, the
 * hourly reconciliation ends.
 */
const BY_THEMSELVES = [
  "allowances",
  "customer_snapshots",
  "entries",
  "grants",
  "periods",
  "pools",
  "reconciliation_differences",
  "reconciliation_results",
  "reconciliation_seen",
  "usage_parts",
  "usage_parts_counted",
]

/** Returns a digest of each other table’s rows of a team. A deed would leave one, in the audit log at least. */
async function everythingOf(db: Db, { id }: TestTeam): Promise<Record<string, string>> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT table_name::text AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'team_id' AND NOT table_name = ANY(${BY_THEMSELVES}::text[])`
  const digests = tables.map(async ({ name }) => {
    const [row] = await db.$queryRawUnsafe<{ digest: string | null }[]>(
      `SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM "${name}" t WHERE team_id = $1::uuid`,
      id,
    )
    return [name, row?.digest ?? "none"] as const
  })
  return Object.fromEntries(await Promise.all(digests))
}
