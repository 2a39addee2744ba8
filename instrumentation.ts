/**
 * Runs once before the server takes requests, so that a wrong environment is one line now and not an error page
 * later.
 */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { env } = await import("@/lib/env")
  try {
    // next-auth takes its own address only from here.
    process.env.NEXTAUTH_URL = env().APP_URL
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
  const [{ guardServers }, { boundBodies }, { guardRequests }] = await Promise.all([
    import("@/lib/web/guard-servers"),
    import("@/lib/web/bound-bodies"),
    import("@/lib/web/guard-requests"),
  ])
  const [bound, guard] = [boundBodies(env().APP_URL), guardRequests(env().APP_URL)]
  guardServers((next, server) => bound(guard(next, server), server))
}
