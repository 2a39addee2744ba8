import { runFuzz } from "@/dev/fuzz/run-fuzz"
import { listServerActions } from "@/dev/testing/actions"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { startTestSession } from "@/dev/testing/sessions"
import { expect, required, test } from "./fixtures"

/** Together with the 9,000 of lib/api/fuzz.db.test.ts, which need no server, ten thousand. */
const REQUESTS = 1_000
/** Always the same, so that a pass stays a pass. `npm run chaos` explores others. */
const SEED = process.env.FUZZ_SEED ?? "app"
/** Far more than anything takes, because other tests share the machine. */
const WITHIN_MS = 30_000

test("a thousand requests that nobody should send end in no fault of ours", async ({ db, team }) => {
  test.setTimeout(600_000)
  const { findings, statuses } = await runFuzz(
    {
      appUrl: required("E2E_APP_URL"),
      slug: team.slug,
      session: await startTestSession(db, team.owner.userId),
      apiKey: (await createTestApiKey(db, team)).apiKey,
      actions: await listServerActions(),
    },
    { seed: SEED, requests: REQUESTS, withinMs: WITHIN_MS },
  )
  expect(findings, `FUZZ_SEED=${SEED}`).toEqual([])
  // Not everything stops at the door.
  for (const status of ["200", "400", "401", "403", "404", "405"])
    expect(statuses[status] ?? 0, status).toBeGreaterThan(5)
})
