import { beforeEach } from "vitest"
import { InsufficientCreditsError } from "@/lib/metering/errors"
import type { Metering } from "@/lib/metering/metering"
import { reportUsage } from "@/lib/metering/report-usage"
import type { Cause } from "@/lib/metering/resolve-payer"
import { credit, usd } from "./ledger"
import { testMetering } from "./metering"
import { answerTo, usageOf } from "./metering-usage"
import { createTestTeam, type TestTeam } from "./teams"
import type { DatabaseWorld } from "./world"

/** Gives each test of a file a team on the free plan, with $100 in the pools of its Owner and its Member, and meters it. */
export function limitedTeam(world: DatabaseWorld) {
  const meterings = testMetering(world)
  let team: TestTeam
  let metering: Metering
  beforeEach(async () => {
    team = await createTestTeam(world.db, { plan: "free" })
    metering = meterings.start()
    for (const member of [team.owner, team.member])
      await credit(world.db, { teamId: team.id, poolId: member.poolId }, usd(100))
  })
  return {
    meterings,
    get team() {
      return team
    },
    get metering() {
      return metering
    },
    /** The context of a person who sets limits. */
    ctx: (who = team.owner, now = new Date()) => ({
      db: world.db,
      now,
      team: { id: team.id, plan: "free" as const },
      actor: { ...who, address: "203.0.113.7" },
    }),
    byMember: (): Cause => ({ trigger: "user", user: team.member.memberId, apiKeyId: null }),
    spend: (cause: Cause, more: { quantity?: bigint; by?: Metering } = {}) =>
      answerTo(more.by ?? metering, team.id, usageOf({ cause, quantity: more.quantity ?? 1n })),
    usage: (cause: Cause, quantity = 1n) => reportUsage(metering, team.id, usageOf({ cause, quantity })),
  }
}

/** Returns why usage was refused. Throws if it wasn't. */
export async function refusalOf(asked: Promise<unknown>) {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof InsufficientCreditsError)) throw error ?? new Error("It was paid")
  return error.refusal
}
