import { createHash } from "node:crypto"

/** Decides about one request. The same seed and number decide the same. */
export class Luck {
  private state: number

  constructor(seed: string, n: number) {
    this.state = createHash("sha256").update(`${seed}:${n}`).digest().readUInt32BE(0)
  }

  /** From 0 up to but not including 1. */
  roll(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  chance(share: number): boolean {
    return this.roll() < share
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[Math.floor(this.roll() * from.length)]
    if (picked === undefined && from.length === 0) throw new Error("There is nothing to pick from")
    return picked as T
  }

  /** A random number of items, between the two limits. */
  times<T>(smallest: number, largest: number, make: () => T): T[] {
    const count = smallest + Math.floor(this.roll() * (largest - smallest + 1))
    return Array.from({ length: count }, make)
  }
}
