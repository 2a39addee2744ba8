import type { AuditSubject } from "@/lib/audit/record-event"
import { toPublicId } from "@/lib/ids"
import { formatUsd } from "@/lib/money/usd"

/** Returns a purchase as the audit log names it. */
export function subjectOf({ id, amountNanos }: { id: string; amountNanos: bigint }): AuditSubject {
  return { kind: "purchase", id: toPublicId("pur", id), name: `${formatUsd(amountNanos)} of credits` }
}
