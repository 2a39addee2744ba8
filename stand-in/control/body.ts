import type { Context } from "hono"
import type { z } from "zod"

export async function bodyOf<S extends z.ZodType>(context: Context, schema: S): Promise<z.output<S>> {
  const body = await context.req.text()
  return schema.parse(body === "" ? {} : JSON.parse(body))
}
