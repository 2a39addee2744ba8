import { createApiKey } from "@/lib/api-keys/create-api-key"
import type { Db } from "@/lib/db/client"
import { addMember } from "@/lib/teams/create-team"
import type { Dice } from "@/stand-in/faults/dice"
import { startTestSession } from "../../testing/sessions"
import { type ToppedUp, topUpOf } from "./topped-up"

export type Buyer = {
  memberId: string
  userId: string
  email: string
  poolId: string
  /** The session cookie of a browser of theirs. */
  session: string
  address: string
}
export type ChaosTeam = {
  id: string
  slug: string
  name: string
  owner: Buyer
  admin: Buyer
  /** A Member whose pool nobody buys for. An Enterprise team has none. */
  topUp: ToppedUp | null
  /** Stripe's id of the team's subscription. Null: it is on free or by contract. */
  subscription: string | null
  apiKey: string
}
export type ToppedUpTeam = ChaosTeam & { topUp: ToppedUp }

/**
 * Creates teams with two people who buy, and one whose pool has auto top-up. Every fifth is an Enterprise team, whose
 * people share one pool.
 */
export async function createTeams(db: Db, dice: Dice, count: number): Promise<ChaosTeam[]> {
  const teams: ChaosTeam[] = []
  for (let n = 0; n < count; n++) teams.push(await createTeam(db, dice, n))
  return teams
}

async function createTeam(db: Db, dice: Dice, n: number): Promise<ChaosTeam> {
  const plan = n % 5 === 4 ? "enterprise" : "free"
  // Sent to Stripe, where chance recognises the team by it.
  const team = { id: dice.uuid("team", n), slug: `chaos-${n}`, name: `Chaos ${n}` }
  await db.team.create({ data: { ...team, plan } })
  const add = async (role: "OWNER" | "ADMIN" | "MEMBER"): Promise<Buyer> => {
    const email = `${role.toLowerCase()}-${n}@example.com`
    const { id: userId } = await db.user.create({
      data: { id: dice.uuid("user", n, role), name: role, email, emailVerifiedAt: new Date() },
    })
    const { memberId, poolId } = await db.$transaction((tx) =>
      addMember(tx, { teamId: team.id, userId, role, plan }),
    )
    const shared = poolId ?? (await db.pool.findFirstOrThrow({ where: { teamId: team.id } })).id
    const address = `address of ${team.id}`
    return { memberId, userId, email, address, poolId: shared, session: await startTestSession(db, userId) }
  }
  const [owner, admin] = [await add("OWNER"), await add("ADMIN")]
  const topUp = plan === "enterprise" ? null : { ...(await add("MEMBER")), ...topUpOf(n), customer: "" }
  const ctx = { db, now: new Date(), team, actor: owner }
  const { apiKey } = await createApiKey(ctx, { name: "Chaos", scopes: ["usage:write"] })
  return { ...team, owner, admin, topUp, subscription: null, apiKey }
}
