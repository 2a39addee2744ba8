interface Due<T> {
  atMs: number
  what: T
}

/** A binary heap by time: the earliest comes out first, however many wait. */
export class DueHeap<T> {
  private readonly heap: Due<T>[] = []

  nextMs(): number | null {
    return this.heap[0]?.atMs ?? null
  }

  add(atMs: number, what: T): void {
    this.heap.push({ atMs, what })
    let at = this.heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.timeOf(parent) <= atMs) break
      this.swap(at, parent)
      at = parent
    }
  }

  /** Takes out the earliest that is due. Null when nothing is. */
  takeDue(nowMs: number): T | null {
    const first = this.heap[0]
    if (!first || first.atMs > nowMs) return null
    const last = this.heap.pop()
    if (last && this.heap.length > 0) {
      this.heap[0] = last
      this.sink()
    }
    return first.what
  }

  private sink(): void {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const earlier = this.timeOf(left + 1) < this.timeOf(left) ? left + 1 : left
      if (this.timeOf(earlier) >= this.timeOf(at)) return
      this.swap(at, earlier)
      at = earlier
    }
  }

  private timeOf(at: number): number {
    return this.heap[at]?.atMs ?? Infinity
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]]
    if (!one || !other) return
    this.heap[a] = other
    this.heap[b] = one
  }
}
