import { db } from "@/lib/db/client"

/** Answers 200 if this process can read the database, else 503. It says nothing more, because anybody may ask. */
export async function checkHealth(): Promise<Response> {
  try {
    await db().$queryRaw`SELECT 1`
    return Response.json({ status: "ok" })
  } catch {
    return Response.json({ status: "unavailable" }, { status: 503 })
  }
}
