import { notFound } from "next/navigation"
import { fromPublicId } from "@/lib/ids"

/** Returns the pool that the address names. Null when it names none. A page of no possible pool doesn't exist. */
export function askedPool(pool: string | string[] | undefined): string | null {
  if (pool === undefined) return null
  return (typeof pool === "string" ? fromPublicId("pool", pool) : null) ?? notFound()
}
