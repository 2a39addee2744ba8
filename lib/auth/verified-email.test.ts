import type { Account, Profile } from "next-auth"
import { afterEach, expect, test, vi } from "vitest"
import { hasVerifiedEmail } from "./verified-email"

afterEach(() => vi.unstubAllGlobals())

const account = (provider: string): Account => ({
  provider,
  providerAccountId: "1",
  type: "oauth",
  access_token: "token of the person",
})

// A test can't reach GitHub. This is the form of its documented answer.
function gitHubAnswers(status: number, emails: unknown) {
  const asked: string[] = []
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url)
    return new Response(JSON.stringify(emails), { status })
  })
  return asked
}

test.each([
  [true, true],
  [false, false],
  [undefined, false],
  ["true", false],
])("Google’s email_verified %o counts as %o", async (verified, expected) => {
  const profile = { email_verified: verified } as Profile
  expect(await hasVerifiedEmail(account("google"), profile, "ada@example.com")).toBe(expected)
})

test.each([
  ["verified", 200, [{ email: "Ada@Example.com", verified: true, primary: true }], true],
  ["primary, but not verified", 200, [{ email: "ada@example.com", verified: false, primary: true }], false],
  ["another one", 200, [{ email: "eve@example.com", verified: true }], false],
  ["not told", 403, { message: "Forbidden" }, false],
  ["told in another form", 200, { emails: [] }, false],
])("an address at GitHub that is %s", async (_, status, emails, expected) => {
  const asked = gitHubAnswers(status, emails)
  expect(await hasVerifiedEmail(account("github"), undefined, "ada@example.com")).toBe(expected)
  expect(asked).toEqual(["https://api.github.com/user/emails"])
})

test("without an account, an address or a known provider nothing is verified", async () => {
  expect(await hasVerifiedEmail(null, undefined, "ada@example.com")).toBe(false)
  expect(await hasVerifiedEmail(account("google"), undefined, null)).toBe(false)
  expect(await hasVerifiedEmail(account("someone-else"), undefined, "ada@example.com")).toBe(false)
})
