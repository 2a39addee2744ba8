import { cookies } from "next/headers"
import { displayOfRequest } from "@/lib/auth/display-cookie"
import { type ReadersNow, toReadersNow } from "@/lib/format-time"
import { isTimeZone, TIME_ZONE_COOKIE } from "@/lib/time-zone"

/**
 * The time as pages pass it on, in the language of dates that the person chose and the zone that they chose or their
 * browser named, if any.
 */
export async function readersNow(now: Date): Promise<ReadersNow> {
  const { timeZone, dateLanguage } = await displayOfRequest()
  return toReadersNow(now, { zone: timeZone ?? (await browserZone()), language: dateLanguage })
}

/** Returns the zone that the browser named. */
export async function browserZone(): Promise<string | null> {
  const zone = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return zone && isTimeZone(zone) ? zone : null
}
