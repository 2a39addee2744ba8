/** Runs once before the server takes requests: a wrong environment is one line now instead of an error page later. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { env } = await import("@/lib/env")
  try {
    // next-auth reads its own address only from here.
    process.env.NEXTAUTH_URL = env().APP_URL
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
  const { guardRequests } = await import("@/lib/web/guard-requests")
  guardRequests(env().APP_URL)
  // The last stands in front.
  const { boundBodies } = await import("@/lib/web/bound-bodies")
  boundBodies()
}
