import { AUDIT_GROUPS, AUDIT_KINDS, type AuditGroup, type AuditKind, kindsOf } from "@/lib/audit/kinds"
import { DAY_MS } from "@/lib/clock"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { isUtcDay } from "@/lib/utc-day"

export type AuditPlace = { occurredAt: Date; id: string }

/** Everything that the page's address says. Each part is null where the reader wants all. */
export type AuditFilter = {
  memberId: string | null
  kind: AuditGroup | AuditKind | null
  /** The first and the last day, as `2026-11-30` in UTC. */
  from: string | null
  to: string | null
}

type Query = Partial<Record<"person" | "kind" | "from" | "to" | "before" | "after", string | string[]>>

/** Reads a filter from an address. Null if it makes no sense. A field that a form sent empty is none. */
export function parseFilter(query: Query): AuditFilter | null {
  const [person, kind, from, to] = [query.person, query.kind, query.from, query.to].map(textOf)
  if (person === undefined || kind === undefined || from === undefined || to === undefined) return null
  const memberId = person === null ? null : fromPublicId("member", person)
  if (person !== null && memberId === null) return null
  if (kind !== null && !isKind(kind)) return null
  if (![from, to].every((day) => day === null || isUtcDay(day))) return null
  return { memberId, kind, from, to }
}

/** Reads where a page begins: before or after one event. Null if it makes no sense. */
export function parsePlaces({ before, after }: Query): { before?: AuditPlace; after?: AuditPlace } | null {
  if (before !== undefined && after !== undefined) return null
  if (before === undefined && after === undefined) return {}
  const place = placeOf(before ?? after)
  if (!place) return null
  return before === undefined ? { after: place } : { before: place }
}

export function placeText({ occurredAt, id }: AuditPlace): string {
  return `${occurredAt.getTime()}.${toPublicId("aud", id)}`
}

/** Returns the part of an address that says the filter. */
export function filterQuery({ memberId, kind, from, to }: AuditFilter): URLSearchParams {
  const fields = { person: memberId && toPublicId("member", memberId), kind, from, to }
  return new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== null),
  )
}

/** Returns the kinds that fit, or null for all of them. */
export function chosenKinds({ kind }: AuditFilter): AuditKind[] | null {
  if (kind === null) return null
  return kind in AUDIT_GROUPS ? kindsOf(kind as AuditGroup) : [kind as AuditKind]
}

/** Returns the time of the filter's days: at or after `since`, before `until`. */
export function chosenTime({ from, to }: AuditFilter): { since: Date | null; until: Date | null } {
  return {
    since: from === null ? null : new Date(`${from}T00:00:00Z`),
    until: to === null ? null : new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS),
  }
}

/** Null for none, undefined for several. */
function textOf(value: string | string[] | undefined): string | null | undefined {
  if (value === undefined || value === "") return null
  return typeof value === "string" ? value : undefined
}

function isKind(text: string): text is AuditGroup | AuditKind {
  return Object.hasOwn(AUDIT_GROUPS, text) || Object.hasOwn(AUDIT_KINDS, text)
}

function placeOf(text: string | string[] | undefined): AuditPlace | null {
  if (typeof text !== "string") return null
  const [, ms = "", publicId = ""] = /^([0-9]{1,15})\.(aud_[0-9a-z]{26})$/.exec(text) ?? []
  const id = fromPublicId("aud", publicId)
  const occurredAt = new Date(Number(ms))
  return id === null || Number.isNaN(occurredAt.getTime()) ? null : { occurredAt, id }
}
