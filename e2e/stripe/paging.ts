import { invalidRequest, parameterMissingResource } from "./errors"

export interface Page {
  limit?: number
  starting_after?: string
  ending_before?: string
}

export interface WireList<T> {
  object: "list"
  data: T[]
  has_more: boolean
  url: string
}

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

function positionOf<T extends { id: string }>(rows: T[], id: string, param: string): number {
  const position = rows.findIndex((row) => row.id === id)
  if (position < 0) throw parameterMissingResource("object", id, param)
  return position
}

/** `rows` newest first. */
export function paginate<T extends { id: string }>(rows: T[], page: Page, url: string): WireList<T> {
  const limit = page.limit ?? DEFAULT_LIMIT
  if (limit < 1 || limit > MAX_LIMIT) {
    throw invalidRequest("This value must be between 1 and 100.", {
      code: "parameter_invalid_integer",
      param: "limit",
    })
  }
  if (page.starting_after && page.ending_before) {
    throw invalidRequest("You can only specify one of these parameters: starting_after, ending_before.")
  }
  if (page.ending_before) {
    const before = rows.slice(0, positionOf(rows, page.ending_before, "ending_before"))
    return { object: "list", data: before.slice(-limit), has_more: before.length > limit, url }
  }
  const from = page.starting_after ? positionOf(rows, page.starting_after, "starting_after") + 1 : 0
  const rest = rows.slice(from)
  return { object: "list", data: rest.slice(0, limit), has_more: rest.length > limit, url }
}

export type CreatedRange = number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined

export function createdWithin(range: CreatedRange): (row: { created: number }) => boolean {
  if (range === undefined) return () => true
  if (typeof range === "number") return (row) => row.created === range
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = range
  return ({ created }) => created > gt && created >= gte && created < lt && created <= lte
}
