import pino from "pino"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"

/** Structured lines on stdout. Pass ids and counts, never secrets, addresses or payloads. */
export function log(): pino.Logger {
  return perProcess("log", () =>
    pino({
      level: env().LOG_LEVEL,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ["*.clientSecret", "*.token", "*.apiKey", "*.email"], censor: "[hidden]" },
    }),
  )
}

/** Something that a person should look at although nothing failed: money that doesn't fit, an event that isn't ours. */
export function alarm(code: string, facts: Record<string, string | number | boolean | null>): void {
  log().error({ alarm: code, ...facts }, "alarm")
}
