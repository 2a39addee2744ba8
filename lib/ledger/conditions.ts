import { Prisma } from "@/lib/db/generated/client"

/** Narrows usage by its meter. A missing field is no condition; null chooses what no member, or no key, caused. */
export type MeterFilter = {
  consumable?: string
  memberId?: string | null
  apiKeyId?: string | null
  trigger?: string
}

/** Returns the conditions that a meter `m` has to meet. One that isn't wanted is left out, so that it costs nothing. */
export function meterConditions(filter: MeterFilter): Prisma.Sql[] {
  const is = (column: Prisma.Sql, value: string | null | undefined, type: Prisma.Sql) => {
    if (value === undefined) return []
    return [value === null ? Prisma.sql`${column} IS NULL` : Prisma.sql`${column} = ${value}::${type}`]
  }
  const [text, uuid] = [Prisma.sql`text`, Prisma.sql`uuid`]
  return [
    ...is(Prisma.sql`m.consumable`, filter.consumable, text),
    ...is(Prisma.sql`m.member_id`, filter.memberId, uuid),
    ...is(Prisma.sql`m.api_key_id`, filter.apiKeyId, uuid),
    ...is(Prisma.sql`m.trigger`, filter.trigger, text),
  ]
}

/** Joins conditions, of which there may be none, to the ones before them. */
export function andAll(conditions: Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(conditions, " AND ")}`
}
