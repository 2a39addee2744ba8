import { searchTeam } from "@/lib/search/search-team"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { getViewer } from "@/lib/web/require-member"
import { toResults } from "./results"

type Props = { params: Promise<{ team: string }> }

/**
 * For the palette. A route and not an action: actions wait for each other and for navigation, and can't be called off
 * when the text goes on.
 */
export async function GET(request: Request, { params }: Props) {
  const viewer = await getViewer((await params).team)
  if (!viewer) return Response.json(null, { status: 404, headers: HEADERS })
  const ctx = pageCtx()
  const text = new URL(request.url).searchParams.get("text") ?? ""
  const found = await searchTeam(ctx, viewer, text)
  return Response.json(toResults(found, viewer.team.slug, await readersNow(ctx.now)), { headers: HEADERS })
}

const HEADERS = { "cache-control": "no-store" }
