export const runtime = "nodejs"
export const dynamic = "force-dynamic"

/** Measures an answer that does nothing. Built only with BENCH=1, for comparison. */
export function POST(): Response {
  return new Response(null, { status: 204 })
}
