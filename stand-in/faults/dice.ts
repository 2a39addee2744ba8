import { createHash } from "node:crypto"

const FULL = 2 ** 48

/**
 * Repeatable chance: a decision depends on the seed and its subject, never on when it is made. Two runs with one seed
 * decide alike, however their processes are scheduled.
 */
export class Dice {
  constructor(private readonly seed: string) {}

  /** From 0 up to but not including 1. */
  roll(...about: (string | number)[]): number {
    return this.hash(about).readUIntBE(0, 6) / FULL
  }

  pick<T>(from: readonly [T, ...T[]], ...about: (string | number)[]): T {
    return from[Math.floor(this.roll(...about) * from.length)] ?? from[0]
  }

  /** From the smallest to the largest, both included. */
  whole(smallest: number, largest: number, ...about: (string | number)[]): number {
    return smallest + Math.floor(this.roll(...about) * (largest - smallest + 1))
  }

  uuid(...about: (string | number)[]): string {
    const hex = this.hash(about).toString("hex")
    // Of version 7 and with a fixed time, so that it passes for one of the product's own ids.
    return `019b0000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`
  }

  private hash(about: (string | number)[]): Buffer {
    return createHash("sha256")
      .update(JSON.stringify([this.seed, ...about]))
      .digest()
  }
}
