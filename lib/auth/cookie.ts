import { env } from "@/lib/env"

/** The session cookie. Over https its name binds it to this host and to secure connections. */
export function sessionCookie() {
  const isSecure = env().APP_URL.startsWith("https://")
  return {
    name: isSecure ? "__Host-credits-session" : "credits-session",
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
  } as const
}
