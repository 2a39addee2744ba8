import { DEMO_TEAM_SLUG } from "@/lib/auth/demo-team"
import { saveSettings } from "@/lib/auto-top-up/save-settings"
import { DEFAULT_CAP_NANOS } from "@/lib/auto-top-up/schema"
import { DAY_MS } from "@/lib/clock"
import type { Db, Tx } from "@/lib/db/client"
import type { Plan, Role } from "@/lib/db/generated/enums"
import { newId } from "@/lib/ids"
import { NANOS_PER_USD } from "@/lib/money/usd"
import { writeCopy } from "@/lib/payment-methods/write-copy"
import { addMember } from "@/lib/teams/create-team"
import { writeHistory } from "./seed-history"
import { NO_PAYMENTS, type PayingTeam, type Payments } from "./seed-payments"
import { EVERYTHING, LITTLE, MOST, type PeriodUse, SOME } from "./seed-period"

const PEOPLE = [
  { role: "OWNER", name: "Ada Marlow", email: "ada@example.com" },
  { role: "ADMIN", name: "Lin Zhou", email: "lin@example.com" },
  { role: "MEMBER", name: "Max Okafor", email: "max@example.com" },
] as const satisfies { role: Role; name: string; email: string }[]

/** A pool at the end of its history. */
type PoolStory = { leftUsd: number; use: PeriodUse }
/** The Owner's, the Admin's and the Member's pool. */
type Story = { slug: string; name: string; plan: Plan; pools: PoolStory[]; hasTopUp?: boolean }

const STORIES: Story[] = [
  {
    slug: DEMO_TEAM_SLUG,
    name: "Northwind Labs",
    plan: "business",
    pools: [
      { leftUsd: 142.18, use: MOST },
      { leftUsd: 38.4, use: SOME },
      { leftUsd: 12.05, use: LITTLE },
    ],
    hasTopUp: true,
  },
  { slug: "bluebird", name: "Bluebird Studio", plan: "free", pools: [] },
  {
    slug: "harbor",
    name: "Harbor Analytics",
    plan: "build",
    pools: [3.27, 4.9, 0.84].map((leftUsd) => ({ leftUsd, use: EVERYTHING })),
  },
  {
    slug: "kestrel",
    name: "Kestrel Robotics",
    plan: "max",
    pools: [0, 0, 0].map((leftUsd) => ({ leftUsd, use: EVERYTHING })),
  },
]

/** Sixty days of usage, up to now. */
const HISTORY_DAYS = 60
/** Days of the present period that have passed. More than two weeks remain until a renewal changes the stories. */
const DAYS_OF_PERIOD = 12

/** Whether the sample teams exist. */
export async function isSeeded(db: Db): Promise<boolean> {
  return (await db.team.count({ where: { slug: DEMO_TEAM_SLUG } })) > 0
}

/**
 * Fills an empty database with a team for each state worth looking at: healthy, fresh, low and empty. The same three
 * people are Owner, Admin and Member of each. Does nothing if the teams exist.
 */
export async function seed(
  db: Db,
  { now, payments = NO_PAYMENTS }: { now: Date; payments?: Payments },
): Promise<boolean> {
  if (await isSeeded(db)) return false
  const periodAnchor = daysBefore(now, DAYS_OF_PERIOD)
  periodAnchor.setUTCHours(0, 0, 0, 0)
  const teams = await db.$transaction(
    async (tx) => {
      const userIds: string[] = []
      for (const { name, email } of PEOPLE) {
        const id = newId()
        await tx.user.create({ data: { id, name, email, emailVerifiedAt: now, isDemo: true } })
        userIds.push(id)
      }
      const written: Written[] = []
      for (const story of STORIES)
        written.push(await writeTeam(tx, { story, userIds, periodAnchor, payments, now }))
      return written
    },
    // Takes some seconds, or a minute and more on a busy machine.
    { timeout: 600_000 },
  )
  await dateEntries(db)
  for (const team of teams) if (team.story.hasTopUp && team.hasCard) await turnTopUpOn(db, team, now)
  return true
}

type Written = {
  story: Story
  team: PayingTeam
  owner: { memberId: string; poolId: string; userId: string }
  hasCard: boolean
}

type TeamToWrite = { story: Story; userIds: string[]; periodAnchor: Date; payments: Payments; now: Date }

async function writeTeam(
  tx: Tx,
  { story, userIds, periodAnchor, payments, now }: TeamToWrite,
): Promise<Written> {
  const { slug, name, plan } = story
  const team = { id: newId(), name, email: PEOPLE[0].email }
  await tx.team.create({
    data: { id: team.id, slug, name, plan, createdAt: daysBefore(now, HISTORY_DAYS + 4), periodAnchor },
  })
  const members: Written["owner"][] = []
  for (const [index, { role }] of PEOPLE.entries()) {
    const userId = userIds[index]
    if (!userId) throw new Error("A person of the seed is missing")
    const { memberId, poolId } = await addMember(tx, { teamId: team.id, userId, role, plan })
    if (poolId) members.push({ memberId, poolId, userId })
  }
  const customer = story.pools.length > 0 ? await payments.addCustomer(team) : null
  if (customer) {
    const { customerId, card } = customer
    await tx.stripeCustomer.create({ data: { id: customerId, teamId: team.id } })
    await writeCopy(tx, team.id, { customerId, defaultId: card.id, creditNanos: 0n, methods: [card] })
  }
  for (const [index, { leftUsd, use }] of story.pools.entries()) {
    const member = members[index]
    if (!member) throw new Error("A pool of the seed is missing")
    await writeHistory(tx, {
      team,
      teamId: team.id,
      pay: payments.pay,
      ...member,
      plan,
      from: daysBefore(now, HISTORY_DAYS),
      periodFrom: periodAnchor,
      to: now,
      use,
      leftUsd,
      weight: index === 0 ? 1 : 0.3,
      randomSeed: slug.length * 31 + index,
    })
  }
  const [owner] = members
  if (!owner) throw new Error("An Owner of the seed is missing")
  return { story, team, owner, hasCard: customer !== null }
}

/**
 * Says of each entry that it was written when it happened, so that past months have statements. The ledger itself takes
 * the time from the database and lets nobody change it afterwards.
 */
async function dateEntries(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`ALTER TABLE entries DISABLE TRIGGER entries_append_only`
    await tx.$executeRaw`UPDATE entries SET created_at = reported_at WHERE cause_id IS NOT NULL AND reported_at < created_at`
    await tx.$executeRaw`ALTER TABLE entries ENABLE TRIGGER entries_append_only`
  })
}

async function turnTopUpOn(db: Db, { story, team, owner }: Written, now: Date): Promise<void> {
  const actor = { ...owner, email: team.email, address: "unknown" }
  const ctx = { db, now, team: { ...team, slug: story.slug }, actor }
  await saveSettings(ctx, {
    poolId: owner.poolId,
    version: 0,
    enabled: true,
    thresholdNanos: 10n * NANOS_PER_USD,
    amountNanos: 50n * NANOS_PER_USD,
    cap: { version: 1, capNanos: DEFAULT_CAP_NANOS },
    agreedCharge: null,
  })
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS)
}
