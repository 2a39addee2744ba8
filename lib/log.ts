import pino from "pino"
import { env } from "@/lib/env"
import { perProcess } from "@/lib/per-process"
import { ToldAlarms } from "@/lib/told-alarms"

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

type Facts = Record<string, string | number | boolean | null>

/**
 * Reports something that a person should look at although nothing failed: money that doesn't fit, an event that isn't
 * ours. A cause, which is the code with its facts, is told once an hour, and at most a hundred causes of one code
 * are: whatever one customer does, it drowns out no other alarm. Alarms held back are in the log as warnings.
 * `details` differ each time and make no separate cause.
 */
export function alarm(code: string, facts: Facts, details: Facts = {}): void {
  const told = perProcess("told-alarms", () => new ToldAlarms()).tell(code, JSON.stringify(facts), Date.now())
  if (told === "held_back") log().warn({ heldBack: code, ...facts, ...details }, "alarm that is held back")
  else log().error({ alarm: code, ...facts, ...details }, "alarm")
  if (told === "last") log().error({ alarm: "alarms_held_back", code }, "alarm")
}
