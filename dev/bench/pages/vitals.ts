import { type Browser, chromium } from "@playwright/test"
import { connectDb, type Db } from "@/lib/db/client"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { BROWSER_ARGS, requireBrowser } from "../../stack/browser"
import { buildApp } from "../../stack/build"
import { freePort } from "../../stack/ports"
import { startStack } from "../../stack/stack"
import { giveCredits, spendCredits } from "../../testing/pools"
import { SESSION_COOKIE, startTestSession } from "../../testing/sessions"
import { createTestTeam, type TestTeam } from "../../testing/teams"
import { median } from "../measuring/measure"
import type { Section } from "../setup/bench"

const THROTTLE = 4
const ROUNDS = 7
const SPENDS = 60
/** A page counts as complete when nothing was painted or moved for this long. */
const QUIET_MS = 700

export type Vitals = { lcpMs: number; cls: number }

// A text, because this file's compiler adds things to functions that a browser doesn't have.
const READ_VITALS = `new Promise((resolve) => {
  const found = { lcpMs: 0, cls: 0 }
  let timer
  const note = () => {
    clearTimeout(timer)
    timer = setTimeout(() => resolve(found), ${QUIET_MS})
  }
  note()
  const observe = (type, take) =>
    new PerformanceObserver((list) => {
      list.getEntries().forEach(take)
      note()
    }).observe({ type, buffered: true })
  observe("largest-contentful-paint", (entry) => { found.lcpMs = Math.max(found.lcpMs, entry.startTime) })
  observe("layout-shift", (entry) => { if (!entry.hadRecentInput) found.cls += entry.value })
})`

export const vitals: Section = {
  name: "vitals",
  about: `when Billing and its history are painted, against the teams page, at ${THROTTLE}x CPU throttle`,
  async run({ server, report, say }) {
    say("building the app")
    await buildApp()
    const databaseUrl = await server.createDatabase("credits_demo_vitals")
    const db = connectDb(databaseUrl, 2)
    const team = await fillTeam(db)
    const secret = "bench-secret-of-32-characters-or-more"
    const [appPort, stripePort] = [await freePort(), await freePort()]
    const stack = await startStack({
      isDemo: true,
      databaseUrl,
      authSecret: secret,
      webhookSecret: `whsec_${secret}`,
      appPort,
      stripePort,
    })
    const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS })
    try {
      const token = await startTestSession(db, team.owner.userId)
      const billing = `/${team.slug}/settings/account/billing`
      const paths = { teams: "/teams", billing, history: `${billing}/transactions` }
      const measured = await measurePages(browser, stack.appUrl, paths, token, say)
      const lcp = (name: string) => median((measured.get(name) ?? []).map(({ lcpMs }) => lcpMs))
      const floor = lcp("teams")
      report.say("LCP of teams", floor, "ms")
      for (const name of ["billing", "history"]) {
        const value = lcp(name)
        report.compare(`LCP of ${name}`, value, "ms", {
          floor,
          ratio: value / floor,
          target: { atMost: 1.3 },
        })
      }
      for (const name of Object.keys(paths))
        report.say(`CLS of ${name}`, median((measured.get(name) ?? []).map(({ cls }) => cls)), "", {
          target: { atMost: 0.01 },
        })
    } finally {
      await browser.close()
      await stack.stop()
      await db.$disconnect()
    }
    await server.dropDatabase("credits_demo_vitals")
  },
}

async function fillTeam(db: Db): Promise<TestTeam> {
  const team = await createTestTeam(db)
  await giveCredits(db, team, team.owner, 500n * NANOS_PER_USD)
  await giveCredits(db, team, team.member, 20n * NANOS_PER_USD)
  for (let n = 1; n <= SPENDS; n++) await spendCredits(db, team, team.owner, BigInt(n) * 12_345_678n)
  return team
}

/** Each page in turn, round after round, each time in a browser with an empty cache. The first round warms the server. */
export async function measurePages(
  browser: Browser,
  appUrl: string,
  paths: Record<string, string>,
  token: string,
  say: (line: string) => void,
): Promise<Map<string, Vitals[]>> {
  const measured = new Map<string, Vitals[]>(Object.keys(paths).map((name) => [name, []]))
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, path] of Object.entries(paths)) {
      const found = await measure(browser, appUrl, path, token)
      if (round > 0) measured.get(name)?.push(found)
      say(
        `${round === 0 ? "warm-up" : `round ${round} of ${ROUNDS}`}  ${name}: LCP ${Math.round(found.lcpMs)} ms, CLS ${found.cls.toFixed(4)}`,
      )
    }
  return measured
}

async function measure(browser: Browser, appUrl: string, path: string, token: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US" })
  try {
    await context.addCookies([{ name: SESSION_COOKIE, value: token, url: appUrl }])
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send("Emulation.setCPUThrottlingRate", { rate: THROTTLE })
    await page.goto(`${appUrl}${path}`, { waitUntil: "load" })
    return await page.evaluate<Vitals>(READ_VITALS)
  } finally {
    await context.close()
  }
}
