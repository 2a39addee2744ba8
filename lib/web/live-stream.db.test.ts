import { beforeEach, expect, test } from "vitest"
import { memberCtx } from "@/dev/testing/members"
import { startTestSession } from "@/dev/testing/sessions"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { endOwnSession } from "@/lib/auth/end-own-sessions"
import { hashToken } from "@/lib/auth/token"
import { removeMember } from "@/lib/members/remove-member"
import { liveStream } from "./live-stream"

/** The next heartbeat would end a stream as well. */
const LESS_THAN_A_HEARTBEAT_MS = 18_000

const world = testDatabase()
let team: TestTeam
beforeEach(async () => {
  team = await createTestTeam(world.db)
})

/** Opens the stream of a new session and waits for its first word. */
async function listen(userId: string, word: string) {
  const tokenHash = hashToken(await startTestSession(world.db, userId))
  const { id, slug, name } = team
  const listed = { id, slug, name, plan: "free" as const, lowBalanceThresholdNanos: 0n }
  const stopping = new AbortController()
  const { body } = liveStream({ user: { id: userId }, team: listed, tokenHash }, stopping.signal)
  if (!body) throw new Error("A stream has a body")
  const [toWatch, toRead] = body.tee()
  const reader = toWatch.getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done || Buffer.from(value).includes(word)) break
  }
  return { tokenHash, stop: () => stopping.abort(), whole: new Response(toRead).text() }
}

test(
  "a stream ends by itself as soon as its session has ended, and no other person’s does",
  async () => {
    // The first stream speaks once the process hears of changes. Every later one then hears of them too.
    const admins = await listen(team.admin.userId, "data: changed")
    const owners = await listen(team.owner.userId, "hello")
    const { id } = await world.db.session.findUniqueOrThrow({ where: { tokenHash: owners.tokenHash } })
    let isAdminsOver = false
    void admins.whole.then(() => {
      isAdminsOver = true
    })
    await endOwnSession(world.db, { userId: team.owner.userId, sessionId: id })
    await owners.whole
    expect(isAdminsOver).toBe(false)
    admins.stop()
    await admins.whole
  },
  LESS_THAN_A_HEARTBEAT_MS,
)

test(
  "a stream ends as soon as its person is removed from the team, and no other person’s does",
  async () => {
    const owners = await listen(team.owner.userId, "data: changed")
    const members = await listen(team.member.userId, "hello")
    let isOwnersOver = false
    void owners.whole.then(() => {
      isOwnersOver = true
    })
    await removeMember(memberCtx(world, team, team.owner), {
      memberId: team.member.memberId,
      credits: "move",
    })
    await members.whole
    expect(isOwnersOver).toBe(false)
    owners.stop()
    await owners.whole
  },
  LESS_THAN_A_HEARTBEAT_MS,
)
