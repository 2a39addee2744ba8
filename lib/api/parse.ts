import { z } from "@hono/zod-openapi"
import { InvalidInputError } from "@/lib/errors"
import { type FieldError, InvalidRequestError } from "./errors"

/** More would help nobody, and an answer must not be longer than the request it complains about. */
const MAX_PROBLEMS = 20
/** The sender chooses a field's name. This is longer than any of ours with its surroundings. */
const MAX_NAME_LENGTH = 64
/** Enough for every filter at once. */
const MAX_QUERY_LENGTH = 4_000
const MAX_PARAMETERS = 100

/** Parses the value by the schema. Throws InvalidRequestError with the wrong fields, or the first of many. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  maxProblems = MAX_PROBLEMS,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap(toFieldErrors)
  const [first = { field: "", message: "Check what you sent." }, ...rest] = problems.slice(0, maxProblems)
  throw new InvalidRequestError([first, ...rest], problems.length - rest.length - 1)
}

/** Returns an address's query as an object. A repeated name has a list. */
export function queryOf(url: string): Record<string, string | string[]> {
  const start = url.indexOf("?")
  const query = start === -1 ? "" : url.slice(start + 1)
  if (query.length > MAX_QUERY_LENGTH)
    throw new InvalidInputError(
      `The query may have at most ${MAX_QUERY_LENGTH.toLocaleString("en-US")} characters.`,
    )
  const names = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of new URLSearchParams(query)) {
    if (++count > MAX_PARAMETERS)
      throw new InvalidInputError(`The query may have at most ${MAX_PARAMETERS} parameters.`)
    const before = names.get(name)
    if (before) before.push(value)
    else names.set(name, [value])
  }
  return Object.fromEntries(
    [...names].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  )
}

/** Makes a field of a function that reads JSON. The function's InvalidInputError becomes the field's message. */
export function readBy<Value>(read: (value: unknown) => Value) {
  return z.unknown().transform((value, ctx): Value => {
    try {
      return read(value)
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error
      const path = error.field === undefined ? [] : [error.field]
      ctx.issues.push({ code: "custom", message: error.title, path, input: value })
      return z.NEVER
    }
  })
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const place = issue.path.map(String)
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      field: nameOf([...place, key]),
      message: `There is no field "${nameOf([key])}" here.`,
    }))
  return [{ field: nameOf(place), message: issue.message }]
}

function nameOf(place: string[]): string {
  return place
    .join(".")
    .slice(0, MAX_NAME_LENGTH)
    .replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd")
}
