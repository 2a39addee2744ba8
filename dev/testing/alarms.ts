import { afterEach, beforeEach, vi } from "vitest"
import { log } from "@/lib/log"
import { ofThisProcess } from "@/lib/per-process"

/** Collects the alarms of each test, by their code. */
export function watchAlarms(): { codes: () => string[] } {
  const codes: string[] = []
  beforeEach(() => {
    codes.length = 0
    ofThisProcess.delete("told-alarms")
    vi.spyOn(log(), "error").mockImplementation((facts: unknown) => {
      if (typeof facts === "object" && facts !== null && "alarm" in facts) codes.push(String(facts.alarm))
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  return { codes: () => codes }
}
