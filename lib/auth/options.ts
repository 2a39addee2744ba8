import { headers } from "next/headers"
import type { AuthOptions } from "next-auth"
import GitHubProvider from "next-auth/providers/github"
import GoogleProvider from "next-auth/providers/google"
import type { Provider } from "next-auth/providers/index"
import { clock, MINUTE_MS } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { addressSchema } from "@/lib/mail/address"
import { sendMail } from "@/lib/mail/send-mail"
import { signInMail } from "@/lib/mail/sign-in-mail"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { clientAddress } from "@/lib/web/client-address"
import { databaseAdapter } from "./adapter"
import { SESSION_LIFETIME_MS, sessionCookie } from "./cookie"
import { hasVerifiedEmail } from "./verified-email"

const LINK_LIFETIME_MS = 15 * MINUTE_MS
const LINKS_PER_MAILBOX = { limit: 5, windowMs: 10 * MINUTE_MS }
const LINKS_PER_CLIENT = { limit: 30, windowMs: 10 * MINUTE_MS }

/** How people sign in. Sessions live in the database, so that signing out or removing a person ends them at once. */
export function authOptions(): AuthOptions {
  return {
    adapter: databaseAdapter(db()),
    secret: env().AUTH_SECRET,
    session: { strategy: "database", maxAge: SESSION_LIFETIME_MS / 1000 },
    cookies: { sessionToken: sessionCookie() },
    pages: {
      signIn: "/sign-in",
      signOut: "/sign-in",
      verifyRequest: "/sign-in/check-your-email",
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

/** Which ways to sign in are configured. */
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
  if (configuredProviders().email) chosen.push(emailProvider())
  if (vars.GOOGLE_CLIENT_ID && vars.GOOGLE_CLIENT_SECRET)
    chosen.push(GoogleProvider({ clientId: vars.GOOGLE_CLIENT_ID, clientSecret: vars.GOOGLE_CLIENT_SECRET }))
  if (vars.GITHUB_CLIENT_ID && vars.GITHUB_CLIENT_SECRET)
    chosen.push(GitHubProvider({ clientId: vars.GITHUB_CLIENT_ID, clientSecret: vars.GITHUB_CLIENT_SECRET }))
  return chosen
}

// Written out instead of next-auth's own, which loads an old mail library.
function emailProvider(): Provider {
  return {
    id: "email",
    type: "email",
    name: "Email",
    server: "",
    from: env().MAIL_FROM,
    maxAge: LINK_LIFETIME_MS / 1000,
    options: {},
    normalizeIdentifier: (identifier) => addressSchema.parse(identifier),
    async sendVerificationRequest({ identifier, url }) {
      const client = clientAddress(await headers(), env().TRUSTED_PROXIES)
      await db().$transaction(async (tx) => {
        await takeAttempt(tx, { subject: `sign-in-link:${identifier}`, ...LINKS_PER_MAILBOX }, clock.now())
        await takeAttempt(tx, { subject: `sign-in-client:${client}`, ...LINKS_PER_CLIENT }, clock.now())
      })
      await sendMail({ to: identifier, ...signInMail(url) })
    },
  }
}

// next-auth hands over an error, or an object around one.
function reasonOf(metadata: unknown): string | null {
  if (metadata instanceof Error) return metadata.message
  const inner = (metadata as { error?: unknown } | null)?.error
  return inner instanceof Error ? inner.message : null
}
