import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { SignInCard } from "@/components/sign-in/sign-in-card"
import { configuredProviders } from "@/lib/auth/options"
import { ownPath } from "@/lib/auth/own-path"
import { getCurrentUser } from "@/lib/auth/session"
import { env } from "@/lib/env"
import { continueAs, continueWith, sendSignInLink } from "./actions"

export const metadata: Metadata = { title: "Sign in" }

const DEMO_ROLES = [
  { role: "OWNER", label: "Continue as Owner" },
  { role: "ADMIN", label: "Continue as Admin" },
  { role: "MEMBER", label: "Continue as Member" },
] as const

// next-auth puts the name of a failure into the query. Each name becomes a sentence.
const ERRORS = new Map([
  [
    "Verification",
    "This sign-in link no longer works. Links last 15 minutes and end once one is used. Ask for a new one.",
  ],
  ["OAuthAccountNotLinked", "This email address signs in another way. Use the way you used before."],
  ["AccessDenied", "This account can’t sign in: its email address is not verified."],
  ["EmailSignin", "The link couldn’t be sent. Check the address, or wait a few minutes and try again."],
])

type Props = { searchParams: Promise<{ next?: string | string[]; error?: string | string[] }> }

export default async function SignInPage({ searchParams }: Props) {
  const { next: asked, error } = await searchParams
  const { APP_URL, DEMO_MODE } = env()
  const next = ownPath(asked, APP_URL)
  if (await getCurrentUser()) redirect(next)
  const { email, google, github } = configuredProviders()
  const providers = [
    ...(google ? [{ label: "Google", action: continueWith.bind(null, "google", next) }] : []),
    ...(github ? [{ label: "GitHub", action: continueWith.bind(null, "github", next) }] : []),
  ]
  return (
    <SignInCard
      demo={
        DEMO_MODE
          ? DEMO_ROLES.map(({ role, label }) => ({ label, action: continueAs.bind(null, role, next) }))
          : []
      }
      emailAction={email ? sendSignInLink.bind(null, next) : undefined}
      error={typeof error === "string" ? (ERRORS.get(error) ?? "Signing in didn’t work. Try again.") : null}
      providers={providers}
    />
  )
}
