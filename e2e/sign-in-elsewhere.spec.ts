import { ROOT } from "@/dev/stack/build"
import { freePort } from "@/dev/stack/ports"
import { startNode, waitUntilReady } from "@/dev/stack/processes"
import { appEnv } from "@/dev/stack/stack"
import { callServerAction, requireServerAction } from "@/dev/testing/actions"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { SESSION_COOKIE } from "@/dev/testing/sessions"
import { expect, required, test } from "./fixtures"

test("sign-in with a provider begins from our page, and an answer that wasn’t asked for leads back to it", async () => {
  const port = await freePort()
  const appUrl = `http://localhost:${port}`
  const settings = {
    isDemo: true,
    databaseUrl: required("E2E_DATABASE_URL"),
    authSecret: required("E2E_AUTH_SECRET"),
    webhookSecret: WEBHOOK_SECRET,
  }
  const app = startNode({
    name: "app",
    args: ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"],
    cwd: ROOT,
    env: {
      ...appEnv(settings, appUrl, required("E2E_STRIPE_URL")),
      GITHUB_CLIENT_ID: "client-of-the-test",
      GITHUB_CLIENT_SECRET: "secret-of-the-test",
    },
  })
  try {
    await waitUntilReady(`${appUrl}/api/health`, app)
    const begun = await callServerAction(await requireServerAction("continueWith"), {
      path: `${appUrl}/sign-in`,
      args: ["github", "/teams"],
      headers: { origin: appUrl },
    })
    expect(begun.redirect).toMatch(
      /^https:\/\/github\.com\/login\/oauth\/authorize\?client_id=client-of-the-test&/,
    )
    expect(begun.redirect).toContain(encodeURIComponent(`${appUrl}/api/auth/callback/github`))
    expect(begun.cookies.filter((cookie) => cookie.startsWith("next-auth.state="))).toHaveLength(1)

    const cookie = begun.cookies.map((each) => each.split(";")[0]).join("; ")
    for (const query of [
      "code=x&state=forged",
      "error=access_denied",
      "callbackUrl=https://evil.example",
      "callbackUrl=nonsense",
      "",
    ]) {
      const answer = await fetch(`${appUrl}/api/auth/callback/github?${query}`, { headers: { cookie } })
      expect(answer.url, query).toMatch(new RegExp(`^${appUrl}/sign-in\\?error=\\w+$`))
      expect(answer.headers.getSetCookie().join(), query).not.toContain(SESSION_COOKIE)
      expect(await answer.text(), query).toContain("Signing in didn’t work. Try again.")
    }
    const posted = await fetch(`${appUrl}/api/auth/signin/github`, { method: "POST", headers: { cookie } })
    expect(posted.status).toBe(405)
  } finally {
    await app.stop()
  }
})
