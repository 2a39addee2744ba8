import type { Tx } from "@/lib/db/client"
import type { Actor } from "./actor"
import type { AuditKind } from "./kinds"

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue }

/** The thing an event is about. Its name is kept as it was. */
export type AuditSubject = {
  kind:
    | "api_key"
    | "approval"
    | "credit_request"
    | "invitation"
    | "member"
    | "notification"
    | "payment_method"
    | "plan"
    | "pool"
    | "purchase"
    | "team"
    | "webhook"
  id: string
  name: string
}

export type AuditDeed = {
  teamId: string
  actor: Actor
  kind: AuditKind
  subject?: AuditSubject
  /** Only what the deed changed, amounts as exact decimals. Never a secret. */
  before?: Record<string, JsonValue>
  after?: Record<string, JsonValue>
}

/** Writes who did what, in the transaction of the deed. Returns the event's id. */
export async function recordEvent(tx: Tx, deed: AuditDeed, now: Date): Promise<string> {
  const { teamId, actor, kind, subject, before, after } = deed
  const { id } = await tx.auditEvent.create({
    data: {
      teamId,
      kind,
      ...actorColumns(actor),
      subjectKind: subject?.kind ?? null,
      subjectId: subject?.id ?? null,
      subjectName: subject?.name ?? null,
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
      occurredAt: now,
    },
    select: { id: true },
  })
  return id
}

function actorColumns(actor: Actor) {
  if (actor.kind === "system") return { actorKind: "system" }
  if (actor.kind === "api_key") return { actorKind: "api_key", apiKeyId: actor.apiKeyId }
  const { memberId, email, address } = actor
  return { actorKind: "member", memberId, actorEmail: email, address: address === "unknown" ? null : address }
}
