import { ROOT } from "@/dev/stack/build"
import { freePort } from "@/dev/stack/ports"
import { startNode, waitUntilReady } from "@/dev/stack/processes"
import { appEnv } from "@/dev/stack/stack"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { startCuttingProxy } from "@/dev/testing/servers/cutting-proxy"
import { SESSION_COOKIE, startTestSession } from "@/dev/testing/sessions"
import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { expect, required, test } from "./fixtures"

const BILLING = `/${DEMO_TEAM_SLUG}/settings/account/billing`

/**
 * For the sample team with the most history, including session, membership and the bell. A debt, a failed top-up and
 * each other pool that waits for the cap cost one or two more.
 */
const MOST = [
  { role: "OWNER", page: "Overview", path: BILLING, statements: 7 },
  { role: "ADMIN", page: "Overview", path: BILLING, statements: 7 },
  { role: "MEMBER", page: "Overview", path: BILLING, statements: 8 },
  { role: "OWNER", page: "Usage", path: `${BILLING}/usage?range=90d`, statements: 4 },
  { role: "OWNER", page: "Usage by member", path: `${BILLING}/usage?by=member`, statements: 6 },
  { role: "MEMBER", page: "own Usage", path: `${BILLING}/usage`, statements: 4 },
  { role: "OWNER", page: "Payments", path: `${BILLING}/payments`, statements: 6 },
  { role: "OWNER", page: "Plan", path: `${BILLING}/plan`, statements: 5 },
  { role: "OWNER", page: "Transactions", path: `${BILLING}/transactions`, statements: 6 },
  { role: "OWNER", page: "its second page", path: `${BILLING}/transactions?before=50`, statements: 6 },
  { role: "OWNER", page: "filtered", path: `${BILLING}/transactions?min=0.01&consumable=sms`, statements: 8 },
  { role: "OWNER", page: "found", path: `${BILLING}/transactions?ref=ent_1_1`, statements: 6 },
  { role: "OWNER", page: "Statements", path: `${BILLING}/statements`, statements: 4 },
] as const

test("a page asks the database no more often than it needs to", async ({ db }) => {
  let asked = 0
  const proxy = await startCuttingProxy(required("E2E_DATABASE_URL"), (sent) => {
    asked += countStatements(sent)
    return null
  })
  const port = await freePort()
  const appUrl = `http://localhost:${port}`
  const settings = {
    isDemo: true,
    databaseUrl: proxy.url,
    authSecret: required("E2E_AUTH_SECRET"),
    webhookSecret: WEBHOOK_SECRET,
  }
  const app = startNode({
    name: "app",
    args: ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"],
    cwd: ROOT,
    env: appEnv(settings, appUrl, required("E2E_STRIPE_URL")),
  })
  try {
    await waitUntilReady(`${appUrl}/api/health`, app)
    for (const { role, page, path, statements } of MOST) {
      const { userId } = await db.member.findFirstOrThrow({ where: { role, team: { slug: DEMO_TEAM_SLUG } } })
      const cookie = `${SESSION_COOKIE}=${await startTestSession(db, userId)}`
      asked = 0
      const answer = await fetch(`${appUrl}${path}`, { headers: { cookie } })
      expect(await answer.text()).toContain("Northwind Labs")
      expect(asked, `${page} as ${role}`).toBeGreaterThan(0)
      expect(asked, `${page} as ${role}`).toBeLessThanOrEqual(statements)
    }
  } finally {
    await app.stop()
    await proxy.close()
  }
})

/** Counts statements by the message that ends each: `S`, four bytes long. */
function countStatements(sent: Buffer): number {
  return sent.toString("latin1").split("S\0\0\0\x04").length - 1
}
