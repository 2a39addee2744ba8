import { randomUUID } from "node:crypto"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import { newId } from "@/lib/ids"
import type { Metering } from "@/lib/metering/metering"
import { reportUsage } from "@/lib/metering/report-usage"
import { NANOS_PER_USD } from "@/lib/money/usd"

/** The free plan has an allowance of it, which is used up first, so that every record after that moves money. */
const CONSUMABLE = "email"
const ALLOWANCE = 100n
const YEAR_MS = 365 * DAY_MS

export type BenchTeam = { teamId: string; members: { memberId: string; poolId: string }[] }

/**
 * Creates teams on the free plan. Each member has a pool with two grants of a billion dollars and a used-up
 * allowance.
 */
export async function createBenchTeams(
  db: Db,
  metering: Metering,
  { teams: count, members: size }: { teams: number; members: number },
): Promise<BenchTeam[]> {
  const teams = Array.from({ length: count }, () => ({
    teamId: newId(),
    members: Array.from({ length: size }, () => ({ memberId: newId(), poolId: newId() })),
  }))
  const members = teams.flatMap(({ teamId, members }) =>
    members.map((member, index) => ({ teamId, ...member, userId: newId(), isOwner: index === 0 })),
  )
  await db.team.createMany({
    data: teams.map(({ teamId: id }) => ({ id, slug: `bench-${id}`, name: "Bench", plan: "free" })),
  })
  await db.user.createMany({
    data: members.map(({ userId: id }) => ({ id, name: "Bench", email: `${id}@example.com` })),
  })
  await db.member.createMany({
    data: members.map(({ teamId, memberId: id, userId, isOwner }) => ({
      teamId,
      id,
      userId,
      role: isOwner ? "OWNER" : "MEMBER",
    })),
  })
  await db.pool.createMany({
    data: members.map(({ teamId, memberId, poolId: id }) => ({ teamId, id, memberId })),
  })
  const teamIds = teams.map(({ teamId }) => teamId)
  for (const expiresAt of [new Date(Date.now() + YEAR_MS), null])
    await db.$executeRaw`
      SELECT ledger_credit(p.team_id, p.id, 'promotion', 'promotion', 20::smallint, ${10n ** 9n * NANOS_PER_USD}::bigint, uuidv7(),
        now(), ${expiresAt}::timestamptz, NULL)
      FROM pools p WHERE p.team_id = ANY (${teamIds}::uuid[])`
  await Promise.all(
    members.map(({ teamId, memberId }) => spend(metering, teamId, { memberId, quantity: ALLOWANCE })),
  )
  return teams
}

/** Makes one spend with all its rules, from the Owner's pool or the named member's. */
export function spend(
  metering: Metering,
  teamId: string,
  more: { memberId?: string; quantity?: bigint; key?: string } = {},
): Promise<unknown> {
  const { memberId, quantity = 1n, key = randomUUID() } = more
  return reportUsage(metering, teamId, {
    key,
    consumable: CONSUMABLE,
    quantity,
    cause: memberId
      ? { trigger: "user", user: memberId, apiKeyId: null }
      : { trigger: "api_key", user: null, apiKeyId: null },
    occurredAt: null,
    metadata: null,
    authorise: () => undefined,
  })
}
