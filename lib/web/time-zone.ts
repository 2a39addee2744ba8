/** Set by the browser, which alone knows. */
export const TIME_ZONE_COOKIE = "tz"

/** Whether it is the name of a time zone that this server knows. It comes from a cookie, so it may be anything. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name })
    return true
  } catch {
    return false
  }
}
