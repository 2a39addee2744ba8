import type { Db } from "@/lib/db/client"
import type { NotificationType } from "@/lib/notifications/types"

export type EndpointState = "on" | "failing" | "off_by_hand" | "off_gone" | "off_failing"

export type EndpointOverview = {
  id: string
  url: string
  types: NotificationType[]
  state: EndpointState
  /** Since when nothing has reached it. */
  failingSince: Date | null
  createdAt: Date
}

type Row = {
  id: string
  url: string
  types: string[]
  disabledReason: string | null
  failingSince: Date | null
  createdAt: Date
}

function toOverview({ id, url, types, disabledReason, failingSince, createdAt }: Row): EndpointOverview {
  const state = disabledReason ? (`off_${disabledReason}` as EndpointState) : failingSince ? "failing" : "on"
  return { id, url, types: types as NotificationType[], state, failingSince, createdAt }
}

/** The team's endpoints, oldest first. Never a secret. */
export async function listEndpoints(db: Db, teamId: string): Promise<EndpointOverview[]> {
  const rows = await db.webhookEndpoint.findMany({
    where: { teamId, deletedAt: null },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    omit: { secret: true, previousSecret: true },
  })
  return rows.map(toOverview)
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

/** One endpoint with the newest that was sent to it; null for another team's, or one that is removed. */
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
    endpoint: toOverview(row),
    bothSignUntil: row.previousSecretUntil,
    deliveries: deliveries.map((delivery) => ({
      ...delivery,
      status: delivery.status as Delivery["status"],
      tries: tries.filter(({ deliveryId }) => deliveryId === delivery.id).slice(0, TRIES_SHOWN),
    })),
  }
}
