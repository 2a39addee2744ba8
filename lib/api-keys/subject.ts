import type { AuditSubject } from "@/lib/audit/record-event"
import { toPublicId } from "@/lib/ids"

/** Returns how the audit log names a key. */
export function keySubject({ id, name }: { id: string; name: string }): AuditSubject {
  return { kind: "api_key", id: toPublicId("key", id), name }
}
