import { DAY_MS } from "@/lib/clock"
import { env } from "@/lib/env"

export const SESSION_LIFETIME_MS = 30 * DAY_MS

/** The session cookie. Over https its name binds it to this host and to secure connections. */
export function sessionCookie() {
  const isSecure = env().APP_URL.startsWith("https://")
  return {
    name: isSecure ? "__Host-credits-session" : "credits-session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
  } as const
}
