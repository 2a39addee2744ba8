import fc from "fast-check"
import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { connect } from "@/dev/testing/sql"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/clock"
import { newId } from "@/lib/ids"
import { availableOf } from "@/lib/pools/is-low"
import { nextMonth, startOfMonth } from "@/lib/top-up-settings/month"
import { decideTopUp, type TopUpState } from "./decide"
import { exceedsCap } from "./schema"

/** Rules that exist twice, in TypeScript and in the database, give the same answers. */
const world = testDatabase()
const NOW = new Date("2026-11-19T12:00:00Z")

/** Nothing speaks against a charge except what a test changes. */
const willing: TopUpState = {
  enabled: true,
  paused: null,
  due: { cause: "usage", needsNanos: null },
  thresholdNanos: usd(10),
  amountNanos: usd(50),
  availableNanos: usd(4),
  isPlanUnpaid: false,
  openAttempt: null,
  paymentMethod: { fingerprint: "fp_one", isExpired: false },
  failures: null,
  attempts: [],
  capNanos: null,
  committedNanos: 0n,
}

// Close together, so that the borders are hit.
const few = fc.bigInt({ min: -3n, max: 6n })

test("top_up_is_wanted says of every state what decideTopUp says", async () => {
  const anyState = fc.record({
    isDue: fc.boolean(),
    needs: fc.option(fc.bigInt({ min: 1n, max: 6n })),
    threshold: fc.bigInt({ min: 0n, max: 5n }),
    included: fc.bigInt({ min: 0n, max: 3n }),
    credits: few,
    held: fc.bigInt({ min: 0n, max: 3n }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(anyState, { minLength: 40, maxLength: 40 }), async (states) => {
      const rows = states.map(({ isDue, needs, threshold, included, credits, held }) => ({
        settings: {
          due_at: isDue ? NOW : null,
          due_cause: isDue ? (needs === null ? "usage" : "refusal") : null,
          due_needs_nanos: isDue && needs !== null ? Number(needs) : null,
          threshold_nanos: Number(threshold),
        },
        pool: {
          included_nanos: Number(included),
          credits_nanos: Number(credits),
          held_nanos: Number(held),
        },
      }))
      const answers = await world.db.$queryRaw<{ available: bigint; wanted: boolean }[]>`
        SELECT pool_available(p) AS available, top_up_is_wanted(s, pool_available(p)) AS wanted
        FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS each (row, place),
          jsonb_populate_record(NULL::pools, row -> 'pool') p,
          jsonb_populate_record(NULL::auto_top_up_settings, row -> 'settings') s
        ORDER BY place`
      const expected = states.map(({ isDue, needs, threshold, included, credits, held }) => {
        const availableNanos = availableOf({
          includedNanos: included,
          creditsNanos: credits,
          heldNanos: held,
        })
        const cause = needs === null ? ("usage" as const) : ("refusal" as const)
        const due = isDue ? { cause, needsNanos: needs } : null
        const decision = decideTopUp({ ...willing, availableNanos, thresholdNanos: threshold, due }, NOW)
        return { available: availableNanos, wanted: decision.kind === "charge" }
      })
      expect(answers).toEqual(expected)
    }),
    { numRuns: 25 },
  )
})

const anyAttempts = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 70 }).map((minutes) => minutes * MINUTE_MS),
    fc.integer({ min: 0, max: 25 }).map((hours) => hours * HOUR_MS),
    fc.constantFrom(HOUR_MS, HOUR_MS - 1, DAY_MS, DAY_MS - 1),
  ),
  { maxLength: 12 },
)

test("the database lets a top-up be begun exactly when decideTopUp does, as far as cap and frequency go", async () => {
  const team = await createTestTeam(world.db)
  const client = await connect(world)
  try {
    await fc.assert(
      fc.asyncProperty(
        anyAttempts,
        fc.option(fc.bigInt({ min: 0n, max: 4n })),
        fc.nat({ max: 4 }),
        async (agesMs, cap, paid) => {
          const attempts = agesMs.map((ms) => new Date(NOW.getTime() - ms))
          const decision = decideTopUp(
            {
              ...willing,
              attempts: attempts.filter((at) => at.getTime() > NOW.getTime() - DAY_MS),
              amountNanos: usd(50),
              capNanos: cap === null ? null : cap * usd(50),
              committedNanos: BigInt(paid) * usd(50),
            },
            NOW,
          )
          await client.query("BEGIN")
          try {
            await client.query("SET LOCAL session_replication_role = replica")
            await client.query("UPDATE spend_caps SET cap_nanos = $2 WHERE team_id = $1", [
              team.id,
              cap === null ? null : cap * usd(50),
            ])
            for (const at of attempts)
              await insertTopUp(client.query.bind(client), team, { at, status: "failed" })
            for (let count = 0; count < paid; count++)
              await insertTopUp(client.query.bind(client), team, {
                at: startOfMonth(NOW),
                status: "succeeded",
                poolId: team.admin.poolId,
              })
            await client.query("SET LOCAL session_replication_role = origin")
            const began = await insertTopUp(client.query.bind(client), team, {
              at: NOW,
              status: "created",
            }).then(
              () => true,
              (error: Error) => {
                expect(error.message).toMatch(/too many auto top-ups|would exceed the spend cap/)
                return false
              },
            )
            expect({ began, decision }).toEqual({ began: decision.kind === "charge", decision })
          } finally {
            await client.query("ROLLBACK")
          }
        },
      ),
      { numRuns: 60 },
    )
  } finally {
    await client.end()
  }
})

async function insertTopUp(
  query: (text: string, values: unknown[]) => Promise<unknown>,
  team: TestTeam,
  { at, status, poolId = team.owner.poolId }: { at: Date; status: string; poolId?: string },
): Promise<void> {
  const id = newId()
  const isPaid = status === "succeeded"
  await query(
    `INSERT INTO purchases (team_id, id, pool_id, kind, status, due_cause, amount_nanos, captured_nanos, payment_intent_id,
       requested_by_member_id, request_key, payment_method_id, card_fingerprint, created_at, expires_at, settled_at)
     VALUES ($1, $2::uuid, $3, 'auto_top_up', $4::purchase_status, 'usage', $5, $6, $7, $8, $2::text, 'pm_test', 'fp_test', $9::timestamptz,
       $9::timestamptz + interval '1 day', $10)`,
    [
      ...[team.id, id, poolId, status, usd(50), isPaid ? usd(50) : null, isPaid ? `pi_${id}` : null],
      ...[team.owner.memberId, at, status === "created" ? null : at],
    ],
  )
}

test("a cap that the amount doesn’t fit is refused at commit exactly when exceedsCap says so", async () => {
  const team = await createTestTeam(world.db)
  const client = await connect(world)
  try {
    for (const cap of [null, 0n, usd(10), usd(20), usd(50)])
      for (const amount of [usd(10), usd(20), usd(20) + 10_000_000n]) {
        await client.query("BEGIN")
        await client.query("SET LOCAL session_replication_role = replica")
        await client.query("UPDATE spend_caps SET cap_nanos = $2 WHERE team_id = $1", [team.id, cap])
        await client.query("SET LOCAL session_replication_role = origin")
        await client.query(
          `INSERT INTO auto_top_up_settings (team_id, pool_id, enabled, threshold_nanos, amount_nanos, version, allowed_by_member_id, updated_at)
           VALUES ($1, $2, true, 0, $3, 1, $4, now())`,
          [team.id, team.owner.poolId, amount, team.owner.memberId],
        )
        const isRefused = await client.query("SET CONSTRAINTS auto_top_up_settings_fit_cap IMMEDIATE").then(
          () => false,
          (error: Error) => error.message.includes("adds more than the spend cap"),
        )
        await client.query("ROLLBACK")
        expect({ cap, amount, isRefused }).toEqual({ cap, amount, isRefused: exceedsCap(amount, cap) })
      }
  } finally {
    await client.end()
  }
})

test("a month begins and ends in both at the same moment", async () => {
  const borders = [
    "2026-11-30T23:59:59.999Z",
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00Z",
    "2028-02-29T12:00:00Z",
  ]
  for (const at of borders.map((text) => new Date(text))) {
    const [row] = await world.db.$queryRaw<{ starts: Date; ends: Date }[]>`
      SELECT date_trunc('month', ${at}::timestamptz, 'UTC') AS starts,
        date_trunc('month', ${at}::timestamptz AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC' AS ends`
    expect(row).toEqual({ starts: startOfMonth(at), ends: nextMonth(at) })
  }
})
