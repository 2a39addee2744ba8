import { notFound } from "next/navigation"
import type { z } from "zod"

/** What an action that anybody may call was sent. What doesn't fit was not sent by a page of ours, and gets the page that isn't. */
export function requireInput<Schema extends z.ZodType>(schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent)
  if (!parsed.success) notFound()
  return parsed.data
}
