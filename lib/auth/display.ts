import { isDateLanguage } from "@/lib/date-languages"
import type { Db } from "@/lib/db/client"
import { isTimeZone } from "@/lib/time-zone"
import { type Display, THEMES } from "./schema"

/** Reads a person's choices. */
export async function readDisplay(db: Db, userId: string): Promise<Display> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { theme: true, dateLanguage: true, timeZone: true },
  })
  return toDisplay(user)
}

/** Writes the choices as a cookie, so that every page has them from its first byte on and asks no database. */
export function encodeDisplay({ theme, dateLanguage, timeZone }: Display): string {
  return new URLSearchParams({ theme, dateLanguage, ...(timeZone ? { timeZone } : {}) }).toString()
}

/** Reads the cookie, in which anybody may have written anything. */
export function parseDisplay(text: string | undefined): Display {
  const read = new URLSearchParams(text ?? "")
  const get = (name: string) => read.get(name) ?? undefined
  return toDisplay({ theme: get("theme"), dateLanguage: get("dateLanguage"), timeZone: get("timeZone") })
}

/** Takes a choice that this version doesn't know for none. */
export function toDisplay(stored: { [Name in keyof Display]?: string | null | undefined }): Display {
  const { theme, dateLanguage, timeZone } = stored
  return {
    theme: THEMES.find((each) => each === theme) ?? "system",
    dateLanguage: isDateLanguage(dateLanguage) ? dateLanguage : "en",
    timeZone: timeZone && isTimeZone(timeZone) ? timeZone : null,
  }
}
