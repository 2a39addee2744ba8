import { cookies } from "next/headers"
import { isTimeZone, TIME_ZONE_COOKIE } from "./time-zone"

/** The time as pages pass it on: with the zone that the reader's browser named, if any. RFC 9557. */
export async function readersNow(now: Date): Promise<string> {
  const zone = (await cookies()).get(TIME_ZONE_COOKIE)?.value
  return zone && isTimeZone(zone) ? `${now.toISOString()}[${zone}]` : now.toISOString()
}
