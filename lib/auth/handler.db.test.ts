import { NextRequest } from "next/server"
import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import { handleCallback } from "./handler"

testDatabase()

const get = (path: string) =>
  handleCallback(new NextRequest(`http://localhost:3000/api/auth/${path}`), {
    params: Promise.resolve({ nextauth: (path.split("?")[0] ?? "").split("/") }),
  })

test.each(["session", "csrf", "providers", "signout", "_log", "verify-request", "callback/google/more"])(
  "next-auth has no route %s",
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)

test.each([
  ["error?error=OAuthCallback", "OAuthCallback"],
  ["error?error=AccessDenied&callbackUrl=//evil.example", "AccessDenied"],
  ["signin?error=Callback", "Callback"],
  ["signin", "Default"],
  ["callback/nobody?code=1&state=2", "Verification"],
  ["callback", "Verification"],
])("%s leads to our own sign-in page with %s", async (path, error) => {
  const answer = await get(path)
  expect([answer.status, answer.headers.get("location")]).toEqual([
    303,
    `http://localhost:3000/sign-in?error=${error}`,
  ])
})
