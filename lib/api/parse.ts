import { z } from "@hono/zod-openapi"
import { InvalidInputError } from "@/lib/errors"
import { type FieldError, InvalidRequestError } from "./errors"

/** What the schema makes of the value. Throws InvalidRequestError with every field that is wrong. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first, ...rest] = parsed.error.issues.flatMap(toFieldErrors)
  throw new InvalidRequestError([first ?? { field: "", message: "Check what you sent." }, ...rest])
}

/** A query of an address as an object: a name that comes more than once has a list. */
export function queryOf(url: string): Record<string, string | string[]> {
  const start = url.indexOf("?")
  const names = new Map<string, string | string[]>()
  if (start !== -1) {
    for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
      const before = names.get(name)
      names.set(name, before === undefined ? value : [before, value].flat())
    }
  }
  return Object.fromEntries(names)
}

/** A field that a function reads from JSON. What it throws as InvalidInputError is said of the field. */
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
      field: [...place, key].join("."),
      message: `There is no field ${JSON.stringify(key.slice(0, 100))} here.`,
    }))
  return [{ field: place.join("."), message: issue.message }]
}
