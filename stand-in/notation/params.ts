import qs from "qs"
import { z } from "zod"
import { invalidRequest, type StripeApiError } from "./errors"

/** Parses form and query text into nested objects: `a[b][0]=c`. Deep and long enough for anything the SDK sends. */
export function parseForm(text: string): Record<string, unknown> {
  return qs.parse(text, { depth: 20, arrayLimit: 1000, parameterLimit: 5000, strictNullHandling: false })
}

export const text = z.string().min(1).max(5000)
export const emptyable = z.string().max(5000)
export const int = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number)
export const bool = z.enum(["true", "false"]).transform((value) => value === "true")
export const url = z.string().regex(/^https?:\/\//)
export const email = z.string().regex(/^[^@\s]+@[^@\s]+$/)
export const currency = z
  .string()
  .regex(/^[a-zA-Z]{3}$/)
  .transform((value) => value.toLowerCase())
/** An empty text as a value, or in place of the whole, removes entries. */
export const metadata = z.union([z.literal(""), z.record(z.string().max(40), z.string().max(500))])
export const expand = z.array(z.string()).optional()
export const created = z
  .union([
    int,
    z.strictObject({ gt: int.optional(), gte: int.optional(), lt: int.optional(), lte: int.optional() }),
  ])
  .optional()
export const address = z.strictObject({
  city: z.string().optional(),
  country: z.string().optional(),
  line1: z.string().optional(),
  line2: z.string().optional(),
  postal_code: z.string().optional(),
  state: z.string().optional(),
})

/** The rhythm of a price. */
export const recurring = z.strictObject({
  interval: z.enum(["day", "week", "month", "year"]),
  interval_count: int.optional(),
})

export const paging = {
  limit: int.optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand,
}

export type Metadata = Record<string, string>

/** Sets new keys, removes empty ones and keeps all others. An empty whole removes everything. */
export function mergeMetadata(
  before: Metadata | null,
  change: z.infer<typeof metadata> | undefined,
): Metadata {
  if (change === undefined) return before ?? {}
  if (change === "") return {}
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ""))
}

/** Returns the fields that were sent, with Stripe's "empty means unset" turned into null. */
export function sentFields<T extends object>(
  params: T,
): { [K in keyof T]?: Exclude<T[K], undefined | ""> | null } {
  const sent = Object.entries(params).filter(([, value]) => value !== undefined)
  const nulled = sent.map(([key, value]) => [key, value === "" ? null : value])
  return Object.fromEntries(nulled) as { [K in keyof T]?: Exclude<T[K], undefined | ""> | null }
}

function bracketed(path: PropertyKey[]): string {
  return path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join("")
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    input,
  )
}

/** A union reports every branch. The branch that got furthest is the one that was meant. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue
  const inner = issue.errors.flat().map((each) => innermost({ ...each, path: [...issue.path, ...each.path] }))
  return (
    inner.find((each) => each.code === "unrecognized_keys") ??
    inner.sort((a, b) => b.path.length - a.path.length)[0] ??
    issue
  )
}

function parameterError(found: z.core.$ZodIssue, input: unknown): StripeApiError {
  const issue = innermost(found)
  const param = bracketed(issue.path)
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.map((key) => bracketed([...issue.path, key]))
    const message = `Received unknown parameter${unknown.length > 1 ? "s" : ""}: ${unknown.join(", ")}`
    return invalidRequest(message, { code: "parameter_unknown", param: unknown[0] })
  }
  const value = valueAt(input, issue.path)
  if (value === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param })
  }
  if (value === "") {
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`
    return invalidRequest(message, { code: "parameter_invalid_empty", param })
  }
  if (issue.code === "invalid_value") {
    const message = `Invalid ${param}: must be one of ${issue.values.map(String).join(", ")}`
    return invalidRequest(message, { param })
  }
  return invalidRequest(`Invalid ${param}: ${issue.message}`, { param })
}

export function parseParams<S extends z.ZodType>(schema: S, input: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues.find((each) => innermost(each).code === "unrecognized_keys")
  const first = issue ?? result.error.issues[0]
  throw first ? parameterError(first, input) : invalidRequest("Invalid request")
}
