import { connectDb } from "@/lib/db/client"
import { runFuzz } from "../fuzz/run-fuzz"
import { listServerActions } from "../testing/actions"
import { createTestApiKey } from "../testing/api-keys"
import { startTestSession } from "../testing/sessions"
import { createTestTeam } from "../testing/teams"
import type { Say } from "./run"
import type { ChaosWorld } from "./world/world"

/** Far more than a page takes with eight requests at once, far less than anybody would call answered. */
const WITHIN_MS = 5_000
const PART = 10_000

/** Sends requests that nobody should send to the app, in whatever state the run left it. Returns what went wrong. */
export async function fuzz(
  { appUrl, databaseUrl }: ChaosWorld,
  { seed, requests }: { seed: string; requests: number },
  say: Say,
): Promise<string[]> {
  const db = connectDb(databaseUrl, 2)
  try {
    const findings: string[] = []
    const actions = await listServerActions()
    for (let sent = 0; sent < requests; sent += PART) {
      // Each part has its own team, because a team's actions are limited.
      const team = await createTestTeam(db)
      const target = {
        appUrl,
        slug: team.slug,
        session: await startTestSession(db, team.owner.userId),
        apiKey: (await createTestApiKey(db, team)).apiKey,
        actions,
      }
      const part = { seed: `${seed}-${sent / PART}`, requests: Math.min(PART, requests - sent) }
      const outcome = await runFuzz(target, { ...part, withinMs: WITHIN_MS })
      findings.push(...outcome.findings)
      for (const finding of outcome.findings) say(finding)
      const statuses = Object.entries(outcome.statuses).map(([status, count]) => `${status} ${count}`)
      say(
        `${sent + part.requests} of ${requests} strange requests: ${statuses.join(", ")}; ` +
          `slowest ${Math.round(outcome.slowestMs)} ms, ${outcome.findings.length} findings`,
      )
    }
    return findings
  } finally {
    await db.$disconnect()
  }
}
