import { HOUR_MS } from "@/lib/clock"

/** How many causes of one code are told within an hour. More of them are one thing gone wrong. */
export const MOST_OF_A_CODE = 100

/** The causes for which this process has raised alarms within the hour. */
export class ToldAlarms {
  private windowEndsAt = 0
  private readonly causes = new Map<string, Set<string>>()

  /** Decides whether a cause is told. `last`: it is, and nothing more of its code within the hour. */
  tell(code: string, cause: string, now: number): "told" | "last" | "held_back" {
    if (now >= this.windowEndsAt) {
      this.causes.clear()
      this.windowEndsAt = now + HOUR_MS
    }
    const known = this.causes.get(code) ?? new Set()
    this.causes.set(code, known)
    if (known.has(cause) || known.size >= MOST_OF_A_CODE) return "held_back"
    known.add(cause)
    return known.size === MOST_OF_A_CODE ? "last" : "told"
  }
}
