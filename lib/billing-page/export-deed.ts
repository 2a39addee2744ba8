import type { MemberActor } from "@/lib/audit/actor"
import type { AuditDeed } from "@/lib/audit/record-event"
import { toPublicId } from "@/lib/ids"
import type { ExportChoice } from "./export-choice"
import { chosenQuery } from "./transaction-filter"

/** Returns what the audit log says of an export: who took what of which pool. */
export function exportDeed(
  pool: { teamId: string; id: string; holder: string | null },
  actor: MemberActor,
  { chosen, format }: ExportChoice,
): AuditDeed {
  const name = pool.holder ? `${pool.holder}’s pool` : "the team’s pool"
  return {
    teamId: pool.teamId,
    actor,
    kind: "transactions.exported",
    subject: { kind: "pool", id: toPublicId("pool", pool.id), name },
    after: { ...chosenQuery(chosen), format },
  }
}
