import { invalidRequest, parameterMissingResource } from "../notation/errors"
import type { StoreTable } from "../world/store-table"

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

function limitOf(page: Page): number {
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
  return limit
}

function positionOf<T extends { id: string }>(rows: T[], id: string, param: string): number {
  const position = rows.findIndex((row) => row.id === id)
  if (position < 0) throw parameterMissingResource("object", id, param)
  return position
}

/** `rows` are newest first. */
export function paginate<T extends { id: string }>(rows: T[], page: Page, url: string): WireList<T> {
  const limit = limitOf(page)
  if (page.ending_before) {
    const before = rows.slice(0, positionOf(rows, page.ending_before, "ending_before"))
    return { object: "list", data: before.slice(-limit), has_more: before.length > limit, url }
  }
  const from = page.starting_after ? positionOf(rows, page.starting_after, "starting_after") + 1 : 0
  const rest = rows.slice(from)
  return { object: "list", data: rest.slice(0, limit), has_more: rest.length > limit, url }
}

function take<T>(rows: Iterable<T>, wanted: (row: T) => boolean, count: number): T[] {
  const taken: T[] = []
  for (const row of rows) {
    if (wanted(row)) taken.push(row)
    if (taken.length === count) break
  }
  return taken
}

/** Returns a page of a whole table, newest first. Reads no more of it than the page and the range of `created` need. */
export function paginateTable<T extends { id: string; created: number }>(
  table: StoreTable<T>,
  page: Page & { created?: CreatedRange },
  url: string,
  matches: (row: T) => boolean = () => true,
): WireList<T> {
  const limit = limitOf(page)
  const cursor = page.starting_after ?? page.ending_before
  if (cursor !== undefined && !table.get(cursor)) {
    throw parameterMissingResource("object", cursor, page.starting_after ? "starting_after" : "ending_before")
  }
  const within = createdWithin(page.created)
  const wanted = (row: T) => within(row) && matches(row)
  const rows = page.ending_before
    ? take(table.oldestFirst(page.ending_before), wanted, limit + 1).reverse()
    : take(table.newestFirst(page.starting_after, ...boundsOf(page.created)), wanted, limit + 1)
  const data = page.ending_before ? rows.slice(-limit) : rows.slice(0, limit)
  return { object: "list", data, has_more: rows.length > limit, url }
}

export type CreatedRange = number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined

export function createdWithin(range: CreatedRange): (row: { created: number }) => boolean {
  if (range === undefined) return () => true
  if (typeof range === "number") return (row) => row.created === range
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = range
  return ({ created }) => created > gt && created >= gte && created < lt && created <= lte
}

/** Returns the least and the greatest `created` in the range. */
function boundsOf(range: CreatedRange): [number, number] {
  if (range === undefined) return [0, Infinity]
  if (typeof range === "number") return [range, range]
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = range
  return [Math.max(gt + 1, gte), Math.min(lt - 1, lte)]
}
