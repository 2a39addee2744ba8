import { InvalidInputError } from "@/lib/errors"

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/i

/** Parses an instant of RFC 3339 with its offset, in whole milliseconds. */
export function readInstant(value: unknown): Date {
  const match = typeof value === "string" ? INSTANT.exec(value) : null
  if (typeof value !== "string" || !match) throw notAnInstant()
  const [, year, month, day, hour, minute, second, , offsetHour = "0", offsetMinute = "0"] = match.map(
    (part) => part ?? undefined,
  )
  const at = new Date(value.toUpperCase())
  // JavaScript takes February 30th for March 2nd.
  const local = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const isReal =
    local.getUTCMonth() === Number(month) - 1 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    Number(offsetHour) < 24 &&
    Number(offsetMinute) < 60
  // PostgreSQL knows no year 0, and its texts have four digits. An offset can move a valid year beyond either end.
  const isStorable = at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999
  if (!isReal || !isStorable) throw notAnInstant()
  return at
}

function notAnInstant(): InvalidInputError {
  return new InvalidInputError("Give date, time and offset, such as 2026-11-20T13:40:00Z.")
}
