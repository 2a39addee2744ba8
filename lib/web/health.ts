import { db } from "@/lib/db/client"

/** 200 if this process can read the database, else 503. Says nothing more: everybody may ask. */
export async function checkHealth(): Promise<Response> {
  try {
    await db().$queryRaw`SELECT 1`
    return Response.json({ status: "ok" })
  } catch {
    return Response.json({ status: "unavailable" }, { status: 503 })
  }
}
