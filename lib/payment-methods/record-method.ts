import type { AuditKind } from "@/lib/audit/kinds"
import { type AuditSubject, recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import type { PaymentMethodCtx } from "./ctx"
import { lockCurrentCustomer, type StoredPaymentMethod } from "./store"
import { nameOf } from "./words"

type MethodKind = Exclude<Extract<AuditKind, `payment_method.${string}`>, "payment_method.added">
type Method = Pick<StoredPaymentMethod, "id" | "type" | "brand" | "last4" | "label">

/**
 * Writes in the audit log what a person did to a payment method. In the transaction before Stripe is asked, because a
 * process that ends after Stripe's answer would otherwise leave a change that nobody made.
 */
export async function recordMethod(
  tx: Tx,
  { team, actor, now }: PaymentMethodCtx,
  kind: MethodKind,
  method: Method,
): Promise<void> {
  await recordEvent(tx, { teamId: team.id, actor, kind, subject: subjectOf(method) }, now)
}

/**
 * Writes who added a payment method, once however often its form is finished: in the transaction that writes the copy,
 * where Stripe's answer is known. The customer's lock keeps two of them apart.
 */
export async function recordAdded(
  tx: Tx,
  { team, actor, now }: PaymentMethodCtx,
  { method, makeDefault }: { method: Method; makeDefault: boolean },
): Promise<void> {
  const teamId = team.id
  const kind = "payment_method.added"
  await lockCurrentCustomer(tx, teamId)
  if ((await tx.auditEvent.count({ where: { teamId, kind, subjectId: method.id } })) > 0) return
  const after = { default: makeDefault }
  await recordEvent(tx, { teamId, actor, kind, subject: subjectOf(method), after }, now)
}

function subjectOf(method: Method): AuditSubject {
  return { kind: "payment_method", id: method.id, name: nameOf(method) }
}
