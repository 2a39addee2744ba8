import { notFound } from "next/navigation"
import type { z } from "zod"

/**
 * Parses the input of an action that anybody may call. Input that doesn't fit came from no page of ours, and gets the
 * 404 page.
 */
export function requireInput<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent)
  if (!parsed.success) notFound()
  return parsed.data
}
