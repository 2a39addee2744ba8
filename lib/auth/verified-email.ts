import type { Account, Profile } from "next-auth"
import { z } from "zod"

const githubEmailsSchema = z.array(z.object({ email: z.string(), verified: z.boolean() }))

/**
 * Whether the provider has verified that the address belongs to the person. Otherwise somebody could claim a
 * customer's address at a provider and share the account that the customer opens later.
 */
export async function hasVerifiedEmail(
  account: Account | null,
  profile: Profile | undefined,
  email: string | null | undefined,
): Promise<boolean> {
  if (!account || !email) return false
  switch (account.provider) {
    case "google":
      return (profile as { email_verified?: boolean } | undefined)?.email_verified === true
    case "github":
      return isVerifiedAtGitHub(account.access_token ?? "", email)
    default:
      return false
  }
}

async function isVerifiedAtGitHub(accessToken: string, email: string): Promise<boolean> {
  const answer = await fetch("https://api.github.com/user/emails", {
    headers: { authorization: `Bearer ${accessToken}`, accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null)
  const emails = answer?.ok ? githubEmailsSchema.safeParse(await answer.json()) : null
  if (!emails?.success) return false
  return emails.data.some((each) => each.verified && each.email.toLowerCase() === email.toLowerCase())
}
