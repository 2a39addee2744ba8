import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { DAY_MS } from "@/lib/clock"
import type { Db } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { newId } from "@/lib/ids"
import { addMember } from "@/lib/teams/create-team"
import { beginPeriod, type Charge, writeHistory } from "./seed-history"

const PEOPLE = [
  { role: "OWNER", name: "Ada Marlow", email: "ada@example.com" },
  { role: "ADMIN", name: "Lin Zhou", email: "lin@example.com" },
  { role: "MEMBER", name: "Max Okafor", email: "max@example.com" },
] as const satisfies { role: Role; name: string; email: string }[]

/** What is left in the Owner's, the Admin's and the Member's pool at the end of the history, in dollars. */
type Story = {
  slug: string
  name: string
  plan: Plan
  leftUsd: [number, number, number] | null
  /** Whether nothing is left of what the plan gives for the period. */
  isPlanUsedUp: boolean
}

const STORIES: Story[] = [
  {
    slug: DEMO_TEAM_SLUG,
    name: "Northwind Labs",
    plan: "business",
    leftUsd: [142.18, 38.4, 12.05],
    isPlanUsedUp: false,
  },
  { slug: "bluebird", name: "Bluebird Studio", plan: "free", leftUsd: null, isPlanUsedUp: false },
  { slug: "harbor", name: "Harbor Analytics", plan: "build", leftUsd: [3.27, 4.9, 0.84], isPlanUsedUp: true },
  { slug: "kestrel", name: "Kestrel Robotics", plan: "max", leftUsd: [0, 0, 0], isPlanUsedUp: true },
]

/** Sixty days of usage end now. */
const HISTORY_MS = 60 * DAY_MS

/** Whether the sample teams are there. */
export async function isSeeded(db: Db): Promise<boolean> {
  return (await db.team.count({ where: { slug: DEMO_TEAM_SLUG } })) > 0
}

/**
 * Fills an empty database with a team for each state that is worth looking at: healthy, fresh, low and empty. The same
 * three people are Owner, Admin and Member of each. Does nothing if the teams are there. Without `charge` Stripe knows
 * nothing of what was bought.
 */
export async function seed(
  db: Db,
  { now, charge = chargeNowhere }: { now: Date; charge?: Charge },
): Promise<boolean> {
  if (await isSeeded(db)) return false
  // Begun today, so that for a month no renewal changes what the stories say.
  const periodAnchor = new Date(now)
  periodAnchor.setUTCHours(0, 0, 0, 0)
  await db.$transaction(
    async (tx) => {
      const userIds: string[] = []
      for (const { name, email } of PEOPLE) {
        const id = newId()
        await tx.user.create({ data: { id, name, email, emailVerifiedAt: now, isDemo: true } })
        userIds.push(id)
      }
      for (const story of STORIES) {
        const teamId = newId()
        await tx.team.create({
          data: {
            id: teamId,
            slug: story.slug,
            name: story.name,
            plan: story.plan,
            createdAt: daysBefore(now, 64),
            periodAnchor,
          },
        })
        const pools: { memberId: string; poolId: string }[] = []
        for (const [index, person] of PEOPLE.entries()) {
          const userId = userIds[index]
          if (!userId) throw new Error("A person of the seed is missing")
          const { memberId, poolId } = await addMember(tx, {
            teamId,
            userId,
            role: person.role,
            plan: story.plan,
          })
          if (poolId) pools.push({ memberId, poolId })
        }
        for (const [index, { memberId, poolId }] of pools.entries()) {
          const leftUsd = story.leftUsd?.[index]
          if (leftUsd === undefined) continue
          const history = {
            teamId,
            teamName: story.name,
            charge,
            poolId,
            memberId,
            plan: story.plan,
            from: new Date(now.getTime() - HISTORY_MS),
            to: now,
            leftUsd,
            weight: index === 0 ? 1 : 0.3,
            randomSeed: story.slug.length * 31 + index,
          }
          await writeHistory(tx, history)
          await beginPeriod(tx, history, { isUsedUp: story.isPlanUsedUp })
        }
      }
    },
    { timeout: 60_000 },
  )
  return true
}

const chargeNowhere: Charge = async ({ purchaseId }) => ({
  customerId: null,
  paymentIntentId: `pi_seed_${purchaseId}`,
  receiptUrl: null,
})

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS)
}
