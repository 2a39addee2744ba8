import { clock, MINUTE_MS, SECOND_MS } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { oneAtATime } from "@/lib/live/one-at-a-time"
import { takeStream } from "@/lib/live/open-streams"
import { watchTeam } from "@/lib/live/team-changes"
import type { Membership } from "@/lib/teams/queries"
import { getMembershipOfSession } from "@/lib/teams/queries"

const HEARTBEAT_MS = 20 * SECOND_MS
/** After this the browser reconnects, and its session is checked again. */
const LIFETIME_MS = 5 * MINUTE_MS

/**
 * Tells a browser, as server-sent events, that something of the team has changed. The browser then asks for the
 * change itself, so nothing leaks here that somebody may no longer see. Ends with the session, or when the person
 * leaves the team. Answers 429 if they, or their team, have too many open; the page then polls instead.
 */
export function liveStream(
  { user, team, tokenHash }: { user: { id: string }; team: Membership["team"]; tokenHash: string },
  signal: AbortSignal,
): Response {
  const giveBack = takeStream({ userId: user.id, teamId: team.id })
  if (!giveBack) return new Response(null, { status: 429, headers: { "retry-after": "20" } })
  const encoder = new TextEncoder()
  let end = () => {}
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOver = false
      const say = (text: string) => {
        if (!isOver) controller.enqueue(encoder.encode(text))
      }
      const sayIfMember = async (text: string) => {
        const asked = { tokenHash, teamSlug: team.slug, now: clock.now() }
        const session = await getMembershipOfSession(db(), asked).catch(() => undefined)
        // While the database can't be asked, nothing is said.
        if (session === undefined) return
        if (session?.membership) say(text)
        else end()
      }
      // However much happens meanwhile, only one query is under way.
      const sayChanged = oneAtATime(() => sayIfMember("data: changed\n\n"))
      const unwatch = watchTeam(team.id, () => void sayChanged())
      const heartbeat = setInterval(() => void sayIfMember(": still here\n\n"), HEARTBEAT_MS)
      const timeUp = setTimeout(() => end(), LIFETIME_MS)
      end = () => {
        if (isOver) return
        isOver = true
        unwatch()
        giveBack()
        clearInterval(heartbeat)
        clearTimeout(timeUp)
        // A browser that has gone has closed it already.
        if (!isCancelled) controller.close()
      }
      signal.addEventListener("abort", () => end())
      if (signal.aborted) return end()
      say("retry: 2000\n\nevent: hello\ndata: hello\n\n")
    },
    cancel() {
      isCancelled = true
      end()
    },
  })
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  })
}
