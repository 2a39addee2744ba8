export const runtime = "nodejs"
export const dynamic = "force-dynamic"

/** What an answer costs when there is nothing to do. Built with BENCH=1 only, to compare with. */
export function POST(): Response {
  return new Response(null, { status: 204 })
}
