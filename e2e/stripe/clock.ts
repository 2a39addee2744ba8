import type { Store } from "./store"

/** Real time plus an offset that tests move forward. The offset survives a restart. */
export class Clock {
  private readonly listeners: Array<() => void> = []

  constructor(private readonly store: Store) {}

  nowMs(): number {
    return Date.now() + (this.store.get("setting", "clock_offset_ms")?.value ?? 0)
  }

  /** Unix seconds, as in every `created`. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
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
