import type { Db } from "@/lib/db/client"
import type { NotificationType } from "@/lib/notifications/types"

export type EndpointState = "on" | "failing" | "slow" | "off_by_hand" | "off_gone" | "off_failing"

export type EndpointOverview = {
  id: string
  url: string
  types: NotificationType[]
  state: EndpointState
  /** When nothing has reached it since. */
  failingSince: Date | null
  createdAt: Date
  /** Null when their account is gone. */
  createdBy: { name: string; hasLeft: boolean } | null
}

type Row = {
  id: string
  url: string
  types: string[]
  disabledReason: string | null
  failingSince: Date | null
  failures: number
  createdByMemberId: string
  createdAt: Date
}
type Maker = { memberId: string; name: string; hasLeft: boolean }

/** Adds each one's maker, in one statement. */
async function withMakers(db: Db, teamId: string, rows: Row[]): Promise<EndpointOverview[]> {
  if (rows.length === 0) return []
  const makers = await db.$queryRaw<Maker[]>`
    SELECT m.id AS "memberId", coalesce(u.name, u.email) AS name, m.removed_at IS NOT NULL AS "hasLeft"
    FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.team_id = ${teamId}::uuid AND m.id = ANY(${rows.map((row) => row.createdByMemberId)}::uuid[])`
  return rows.map((row) => {
    const { id, url, types, failingSince, createdAt, createdByMemberId } = row
    const maker = makers.find(({ memberId }) => memberId === createdByMemberId)
    const createdBy = maker ? { name: maker.name, hasLeft: maker.hasLeft } : null
    return {
      id,
      url,
      types: types as NotificationType[],
      state: stateOf(row),
      failingSince,
      createdAt,
      createdBy,
    }
  })
}

function stateOf({ disabledReason, failingSince, failures }: Row): EndpointState {
  if (disabledReason) return `off_${disabledReason}` as EndpointState
  if (failingSince) return "failing"
  return failures > 0 ? "slow" : "on"
}

/** Lists the team's endpoints, oldest first, never with a secret. */
export async function listEndpoints(db: Db, teamId: string): Promise<EndpointOverview[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: { teamId, deletedAt: null },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    omit: { secret: true, previousSecret: true },
  })
  return withMakers(db, teamId, rows)
}

export type DeliveryTry = {
  id: string
  triedAt: Date
  tookMs: number
  answerStatus: number | null
  answerBody: string | null
  error: string | null
}

export type Delivery = {
  id: string
  type: string
  body: string
  status: "waiting" | "delivered" | "failed" | "cancelled"
  nextTryAt: Date
  createdAt: Date
  /** Newest first. */
  tries: DeliveryTry[]
}

const DELIVERIES_SHOWN = 50
const TRIES_SHOWN = 20

/** Returns one endpoint with its newest deliveries. Null for another team's, or a removed one. */
export async function getEndpoint(
  db: Db,
  teamId: string,
  endpointId: string,
): Promise<{ endpoint: EndpointOverview; bothSignUntil: Date | null; deliveries: Delivery[] } | null> {
  const row = await db.webhookEndpoint.findFirst({
    where: { teamId, id: endpointId, deletedAt: null },
    omit: { secret: true, previousSecret: true },
  })
  if (!row) return null
  const [endpoint] = await withMakers(db, teamId, [row])
  if (!endpoint) return null
  const deliveries = await db.webhookDelivery.findMany({
    where: { teamId, endpointId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: DELIVERIES_SHOWN,
  })
  const tries = await db.webhookTry.findMany({
    where: { teamId, deliveryId: { in: deliveries.map(({ id }) => id) } },
    orderBy: [{ triedAt: "desc" }, { id: "desc" }],
  })
  return {
    endpoint,
    bothSignUntil: row.previousSecretUntil,
    deliveries: deliveries.map((delivery) => ({
      ...delivery,
      status: delivery.status as Delivery["status"],
      tries: tries.filter(({ deliveryId }) => deliveryId === delivery.id).slice(0, TRIES_SHOWN),
    })),
  }
}
