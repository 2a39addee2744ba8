import { liveStream } from "@/lib/web/live-stream"
import { getViewer } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string }> }

export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  return viewer ? liveStream(viewer, request.signal) : new Response(null, { status: 404 })
}
