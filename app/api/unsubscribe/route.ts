import { readUnsubscribeToken, unsubscribe } from "@/lib/notifications/unsubscribe"
import { pageCtx } from "@/lib/web/page-ctx"
import { readBody } from "@/lib/web/read-body"

/** Mail programs post one short field, which adds nothing to the link. */
const MAX_BYTES = 10_000

const pageOf = (request: Request, more = "") => {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  return `/unsubscribe?token=${encodeURIComponent(token)}${more}`
}

/** Shows people who follow the link in a mail what it does before it does it. */
export function GET(request: Request) {
  return new Response(null, { status: 303, headers: { location: pageOf(request) } })
}

/**
 * Serves the page's button and the posts that mail programs send by themselves. The signed link is the only proof
 * needed.
 */
export async function POST(request: Request) {
  const read = await readBody(request, MAX_BYTES)
  if (!read.ok) return new Response("This request is not valid.\n", { status: read.status })
  const said = readUnsubscribeToken(new URL(request.url).searchParams.get("token") ?? "")
  if (!said) return new Response("This link is not valid.\n", { status: 400 })
  await unsubscribe(pageCtx(), said)
  return new Response(null, { status: 303, headers: { location: pageOf(request, "&done=1") } })
}
