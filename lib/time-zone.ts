/** Set by the browser, the only one to know it. */
export const TIME_ZONE_COOKIE = "tz"

/** Whether this server knows a time zone of this name. The name comes from a cookie, so it may be anything. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The zones to choose from. */
export const TIME_ZONES: readonly string[] = ["UTC", ...Intl.supportedValuesOf("timeZone")]
