import type { AuditChoice, AuditChoices, AuditRow } from "@/components/audit-log/audit-types"
import { describeChanges } from "@/components/audit-log/change-words"
import { AUDIT_GROUPS, type AuditGroup, deedOf, kindName, kindsOf } from "@/lib/audit/kinds"
import type { AuditEvent } from "@/lib/audit-log/queries"
import { toPublicId } from "@/lib/ids"

/** Nobody asked for it at that moment: a subscription changed at Stripe, or a job ran. */
const OURSELVES = { name: "Credits", detail: null, href: null }

export function toAuditRow(event: AuditEvent, path: string): AuditRow {
  const { id, kind, actor, address, subject, before, after, occurredAt } = event
  const person = actor?.memberId && toPublicId("member", actor.memberId)
  return {
    id: toPublicId("aud", id),
    who: actor
      ? { name: actor.name, detail: actor.email, href: person ? `${path}?person=${person}` : null }
      : OURSELVES,
    deed: deedOf(kind),
    subject: subject?.name ?? null,
    changes: describeChanges(before, after),
    at: occurredAt.toISOString(),
    address,
  }
}

export function kindChoices(): AuditChoices {
  return (Object.keys(AUDIT_GROUPS) as AuditGroup[])
    .map((group) => ({
      label: AUDIT_GROUPS[group],
      all: { value: group, label: `All of ${AUDIT_GROUPS[group]}` },
      kinds: kindsOf(group).map((kind) => ({ value: kind, label: kindName(kind) })),
    }))
    .filter(({ kinds }) => kinds.length > 0)
}

type Person = { memberId: string; name: string; email: string }

/** Names may be the same. Where they are, the address tells people apart. */
export function personChoices(people: Person[]): AuditChoice[] {
  const count = (name: string) => people.filter((person) => person.name === name).length
  return people.map(({ memberId, name, email }) => ({
    value: toPublicId("member", memberId),
    label: count(name) > 1 ? `${name} (${email})` : name,
  }))
}
