import type { AuditChoice, AuditChoices, AuditRow } from "@/components/audit-log/audit-types"
import { describeChanges } from "@/components/audit-log/change-words"
import { AUDIT_GROUPS, type AuditGroup, deedOf, kindName, kindsOf } from "@/lib/audit/kinds"
import type { AuditEvent } from "@/lib/audit-log/queries"
import { listTransactionsOf } from "@/lib/credit-requests/queries"
import { fromPublicId, toPublicId } from "@/lib/ids"
import type { pageCtx } from "@/lib/web/page-ctx"
import { transactionHrefs } from "../account/billing/transactions/transaction-hrefs"

type Db = ReturnType<typeof pageCtx>["db"]

/** Nobody asked for it at that moment: a subscription changed at Stripe, or a job ran. */
const OURSELVES = { name: "Credits", detail: null, href: null }

type Team = { id: string; slug: string }

/** Puts events into the rows of a team's audit log. An approved request leads to its transaction. */
export async function toAuditRows(db: Db, team: Team, events: AuditEvent[]): Promise<AuditRow[]> {
  const requestIds = events.flatMap((event) => approvedRequest(event) ?? [])
  const transactions = await listTransactionsOf(db, team.id, requestIds)
  const { transaction } = transactionHrefs(team.slug)
  return events.map((event) => {
    const place = transactions.get(approvedRequest(event) ?? "")
    return toAuditRow(event, auditLogPath(team.slug), place ? transaction(place) : null)
  })
}

export const auditLogPath = (slug: string) => `/${slug}/settings/audit-log`

function approvedRequest({ kind, subject }: AuditEvent): string | null {
  return kind === "credit_request.approved" && subject ? fromPublicId("creq", subject.id) : null
}

function toAuditRow(event: AuditEvent, path: string, transactionHref: string | null): AuditRow {
  const { id, kind, actor, address, subject, before, after, occurredAt } = event
  const person = actor?.memberId && toPublicId("member", actor.memberId)
  return {
    id: toPublicId("aud", id),
    who: actor
      ? { name: actor.name, detail: actor.email, href: person ? `${path}?person=${person}` : null }
      : OURSELVES,
    deed: deedOf(kind),
    subject: subject?.name ?? null,
    transactionHref,
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
