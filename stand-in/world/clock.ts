import type { Store } from "./store"

/** Real time plus an offset that tests move forward. The offset survives a restart. */
export class Clock {
  private readonly listeners: Array<() => void> = []
  private stoppedMs: number | null = null

  constructor(private readonly store: Store) {}

  nowMs(): number {
    return this.stoppedMs ?? this.runningMs()
  }

  /** The same, but never the moment that `at` goes back to: what happens there is announced now. */
  runningMs(): number {
    return Date.now() + (this.store.get("setting", "clock_offset_ms")?.value ?? 0)
  }

  /** Unix seconds, as in every `created`. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  /** Runs something as of a past moment, such as the renewals that a jump of the clock skips. */
  at(ms: number, run: () => void): void {
    this.stoppedMs = ms
    try {
      run()
    } finally {
      this.stoppedMs = null
    }
  }

  advance(ms: number): void {
    const offset = this.store.get("setting", "clock_offset_ms")?.value ?? 0
    this.store.put("setting", { id: "clock_offset_ms", value: offset + ms })
    for (const listener of this.listeners) listener()
  }

  onAdvance(listener: () => void): void {
    this.listeners.push(listener)
  }
}
