import type { AuthOptions } from "next-auth"
import GitHubProvider from "next-auth/providers/github"
import GoogleProvider from "next-auth/providers/google"
import type { Provider } from "next-auth/providers/index"
import { SECOND_MS } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { databaseAdapter } from "./adapter"
import { sessionCookie } from "./cookie"
import { SESSION_LIFE_MS } from "./session-life"
import { newToken } from "./token"
import { hasVerifiedEmail } from "./verified-email"

/**
 * The ways to sign in with an account elsewhere. Mailed links are ours (`send-sign-in-link.ts`), because next-auth
 * uses one up as soon as anything opens it. Sessions live in the database, so that signing out or removing a person
 * ends them at once.
 */
export function authOptions(): AuthOptions {
  return {
    adapter: databaseAdapter(db()),
    secret: env().AUTH_SECRET,
    session: {
      strategy: "database",
      maxAge: SESSION_LIFE_MS / SECOND_MS,
      generateSessionToken: newToken,
    },
    cookies: { sessionToken: sessionCookie() },
    pages: {
      signIn: "/sign-in",
      signOut: "/sign-in",
      error: "/sign-in",
    },
    providers: providers(),
    callbacks: { signIn: ({ account, profile, user }) => hasVerifiedEmail(account, profile, user.email) },
    logger: {
      error: (code, metadata) => log().warn({ code, reason: reasonOf(metadata) }, "Sign-in failed"),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}

/** Returns which ways to sign in are configured. */
export function configuredProviders(): { email: boolean; google: boolean; github: boolean } {
  const { SMTP_URL, DEMO_MODE, GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID } = env()
  return {
    email: Boolean(SMTP_URL) || DEMO_MODE,
    google: Boolean(GOOGLE_CLIENT_ID),
    github: Boolean(GITHUB_CLIENT_ID),
  }
}

function providers(): Provider[] {
  const vars = env()
  const chosen: Provider[] = []
  if (vars.GOOGLE_CLIENT_ID && vars.GOOGLE_CLIENT_SECRET)
    chosen.push(GoogleProvider({ clientId: vars.GOOGLE_CLIENT_ID, clientSecret: vars.GOOGLE_CLIENT_SECRET }))
  if (vars.GITHUB_CLIENT_ID && vars.GITHUB_CLIENT_SECRET)
    chosen.push(GitHubProvider({ clientId: vars.GITHUB_CLIENT_ID, clientSecret: vars.GITHUB_CLIENT_SECRET }))
  return chosen
}

// next-auth passes an error, or an object around one.
function reasonOf(metadata: unknown): string | null {
  if (metadata instanceof Error) return metadata.message
  const inner = (metadata as { error?: unknown } | null)?.error
  return inner instanceof Error ? inner.message : null
}
