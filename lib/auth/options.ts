import type { AuthOptions } from "next-auth"
import GitHubProvider from "next-auth/providers/github"
import GoogleProvider from "next-auth/providers/google"
import type { Provider } from "next-auth/providers/index"
import { z } from "zod"
import { clock, MINUTE_MS } from "@/lib/clock"
import { db } from "@/lib/db/client"
import { env } from "@/lib/env"
import { log } from "@/lib/log"
import { sendMail } from "@/lib/mail/send-mail"
import { signInMail } from "@/lib/mail/sign-in-mail"
import { takeAttempt } from "@/lib/rate-limits/take-attempt"
import { databaseAdapter } from "./adapter"
import { SESSION_LIFETIME_MS, sessionCookie } from "./cookie"

const LINK_LIFETIME_MS = 15 * MINUTE_MS
const LINKS_PER_ADDRESS = { limit: 5, windowMs: 10 * MINUTE_MS }

const addressSchema = z.string().normalize("NFKC").trim().toLowerCase().max(254).pipe(z.email())

/** How people sign in. Sessions live in the database, so that signing out or removing a person ends them at once. */
export function authOptions(): AuthOptions {
  return {
    adapter: databaseAdapter(db()),
    secret: env().AUTH_SECRET,
    session: { strategy: "database", maxAge: SESSION_LIFETIME_MS / 1000 },
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/sign-in", verifyRequest: "/sign-in/check-your-email", error: "/sign-in" },
    providers: providers(),
    callbacks: {
      signIn: ({ account, profile }) =>
        account?.provider !== "google" ||
        (profile as { email_verified?: boolean } | undefined)?.email_verified === true,
    },
    logger: {
      error: (code) => log().warn({ code }, "Sign-in failed"),
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
      await db().$transaction((tx) =>
        takeAttempt(tx, { subject: `sign-in-link:${identifier}`, ...LINKS_PER_ADDRESS }, clock.now()),
      )
      await sendMail({ to: identifier, ...signInMail(url) })
    },
  }
}
