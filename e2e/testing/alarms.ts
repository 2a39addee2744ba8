import { afterEach, beforeEach, vi } from "vitest"
import { log } from "@/lib/log"

/** Collects the alarms that are raised during each test, by their code. */
export function watchAlarms(): { codes: () => string[] } {
  const codes: string[] = []
  beforeEach(() => {
    codes.length = 0
    vi.spyOn(log(), "error").mockImplementation((facts: unknown) => {
      if (typeof facts === "object" && facts !== null && "alarm" in facts) codes.push(String(facts.alarm))
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return { codes: () => codes }
}
