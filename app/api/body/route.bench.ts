export const runtime = "nodejs"
export const dynamic = "force-dynamic"

/** Measures an answer that reads a JSON body and sends one. Built only with BENCH=1, for comparison. */
export async function POST(request: Request): Promise<Response> {
  return Response.json(await request.json())
}
