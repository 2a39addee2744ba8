import { readTokenHash } from "@/lib/auth/session"
import { liveStream } from "@/lib/web/live-stream"
import { getViewer } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string }> }

/** Somebody who is no member gets 204, which tells the browser not to ask again. */
export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  const tokenHash = await readTokenHash()
  if (!viewer || !tokenHash) return new Response(null, { status: 204 })
  return liveStream({ user: viewer.user, team: viewer.team, tokenHash }, request.signal)
}
