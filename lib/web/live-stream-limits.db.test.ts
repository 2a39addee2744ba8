import { afterEach, expect, test } from "vitest"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { hashToken } from "@/lib/auth/token"
import { STREAMS_OF_A_PERSON } from "@/lib/live/open-streams"
import { getMembershipOfSession } from "@/lib/teams/queries"
import { liveStream } from "./live-stream"

const world = testDatabase()
const open: AbortController[] = []
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort()
})

async function viewerOf(team: TestTeam, { userId }: TestTeam["owner"]) {
  const tokenHash = hashToken(await startTestSession(world.db, userId))
  const session = await getMembershipOfSession(world.db, { tokenHash, teamSlug: team.slug, now: new Date() })
  if (!session?.membership) throw new Error("A member of the team")
  return { user: session.user, team: session.membership.team, tokenHash }
}
function stream(viewer: Awaited<ReturnType<typeof viewerOf>>): Response {
  const controller = new AbortController()
  open.push(controller)
  return liveStream(viewer, controller.signal)
}

test("a person has so many streams open, and one that ends makes room for another", async () => {
  const team = await createTestTeam(world.db)
  const [owner, member] = [await viewerOf(team, team.owner), await viewerOf(team, team.member)]
  const streams = Array.from({ length: STREAMS_OF_A_PERSON }, () => stream(owner))
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200))
  const refused = stream(owner)
  expect(refused.status).toBe(429)
  expect(refused.headers.get("retry-after")).toBe("20")
  expect(stream(member).status).toBe(200)
  // Aborted by the browser that has gone, or by the reader of the answer.
  open[0]?.abort()
  expect(stream(owner).status).toBe(200)
  await streams[1]?.body?.cancel()
  expect(stream(owner).status).toBe(200)
  expect(stream(owner).status).toBe(429)
})

test("a browser that has gone before it was answered takes no stream", async () => {
  const team = await createTestTeam(world.db)
  const owner = await viewerOf(team, team.owner)
  for (let n = 0; n <= STREAMS_OF_A_PERSON; n++)
    expect(liveStream(owner, AbortSignal.abort()).status).toBe(200)
})
