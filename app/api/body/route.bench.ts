export const runtime = "nodejs"
export const dynamic = "force-dynamic"

/** What an answer costs that has read a JSON body and sends one. Built with BENCH=1 only, to compare with. */
export async function POST(request: Request): Promise<Response> {
  return Response.json(await request.json())
}
