import type { Db } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { fromPublicId } from "@/lib/ids"
import { fanOut } from "@/lib/jobs/fan-out"
import { type Notice, raise } from "@/lib/notifications/raise"
import type { WebhookCtx } from "@/lib/webhooks/ctx"
import { deliverWebhooks } from "@/lib/webhooks/deliver"
import { Dialer } from "@/lib/webhooks/dial"
import { createEndpoint } from "@/lib/webhooks/manage-endpoint"
import type { TestMember, TestTeam } from "./teams"

type DbWorld = { db: Db }

export const LOCAL = { loopback: true }

/** The page's context for the team's Owner, unless told otherwise. */
export function webhookCtx(
  { db }: DbWorld,
  team: TestTeam,
  { actor = team.owner, now = new Date() }: { actor?: TestMember; now?: Date } = {},
): WebhookCtx {
  return { db, now, team, actor }
}

/** Adds an endpoint on this machine that is told of low balances. */
export async function addEndpoint(world: DbWorld, team: TestTeam, url: string) {
  const input = { url, types: ["credit_balance_low" as const] }
  const { endpointId, secret } = await createEndpoint(webhookCtx(world, team), input, { allowed: LOCAL })
  return { endpointId: fromPublicId("whe", endpointId) ?? "", secret }
}

/** Tells the team that a balance is low, and records the resulting deliveries. */
export async function causeWebhook({ db }: DbWorld, team: TestTeam, now = new Date()): Promise<void> {
  const cause = crypto.randomUUID()
  const notice: Notice<"credit_balance_low"> = {
    teamId: team.id,
    poolId: team.owner.poolId,
    type: "credit_balance_low",
    cause,
    data: { balance: "4.20", threshold: "5.00" },
  }
  await db.$transaction((tx) => raise(queryIn(tx), notice, now))
  const { id } = await db.notification.findFirstOrThrow({ where: { teamId: team.id, cause } })
  await fanOut({ db, now }, { teamId: team.id, notificationId: id })
}

/** Does the worker's job for an endpoint at this time. */
export async function deliverNow(
  { db }: DbWorld,
  team: TestTeam,
  endpointId: string,
  now = new Date(),
  { timeoutMs = 2_000, slowMs }: { timeoutMs?: number; slowMs?: number } = {},
): Promise<void> {
  const dialer = new Dialer(LOCAL, undefined, timeoutMs)
  try {
    await deliverWebhooks({ db, now: () => now, dialer }, { teamId: team.id, endpointId }, slowMs)
  } finally {
    await dialer.close()
  }
}

export function listDeliveries({ db }: DbWorld, team: TestTeam) {
  return db.webhookDelivery.findMany({
    where: { teamId: team.id },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  })
}
