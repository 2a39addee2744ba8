import type { AuditSubject } from "@/lib/audit/record-event"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan } from "@/lib/db/generated/enums"

/** Returns a plan as the audit log names it. */
export function planSubject(plan: Plan): AuditSubject {
  return { kind: "plan", id: plan, name: CATALOG.plans[plan].name }
}
