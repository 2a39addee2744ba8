/** A row's place in the order, fixed when the row came. */
interface Place {
  readonly created: number
  readonly sequence: number
}

interface Entry<Row> extends Place {
  readonly id: string
  row: Row
}

export type KeyOf<Row> = (row: Row) => string | null

interface Index<Row> {
  keyOf: KeyOf<Row>
  keys: Map<string, string>
  buckets: Map<string, Map<string, Entry<Row>>>
}

function isBefore(a: Place, b: Place): boolean {
  return a.created === b.created ? a.sequence < b.sequence : a.created < b.created
}

function createdOf(row: object): number {
  const created: unknown = Reflect.get(row, "created")
  return typeof created === "number" ? created : 0
}

/** The rows of one kind: by id, in order of creation, and by a few other values, so that no call reads them all. */
export class StoreTable<Row extends { id: string }> {
  private readonly entries = new Map<string, Entry<Row>>()
  private readonly order: Entry<Row>[] = []
  private readonly indexes = new Map<string, Index<Row>>()
  private sequence = 0

  constructor(keys: Record<string, KeyOf<Row>>) {
    for (const [name, keyOf] of Object.entries(keys)) {
      this.indexes.set(name, { keyOf, keys: new Map(), buckets: new Map() })
    }
  }

  get(id: string): Row | undefined {
    return this.entries.get(id)?.row
  }

  /** Oldest first. */
  all(): Row[] {
    return this.order.map((entry) => entry.row)
  }

  /** Oldest first, and only rows with this key in the index. */
  where(name: string, key: string): Row[] {
    const bucket = this.index(name).buckets.get(key)
    if (!bucket) return []
    const entries = [...bucket.values()]
    return entries.sort((a, b) => (isBefore(a, b) ? -1 : 1)).map((entry) => entry.row)
  }

  has(name: string, key: string): boolean {
    return this.index(name).buckets.has(key)
  }

  put(row: Row): void {
    const known = this.entries.get(row.id)
    const entry = known ?? { id: row.id, created: createdOf(row), sequence: this.sequence++, row }
    entry.row = row
    if (!known) {
      this.entries.set(row.id, entry)
      this.order.splice(this.placeOf(entry), 0, entry)
    }
    for (const index of this.indexes.values()) this.reindex(index, entry, index.keyOf(row))
  }

  remove(id: string): boolean {
    const entry = this.entries.get(id)
    if (!entry) return false
    this.order.splice(this.placeOf(entry), 1)
    this.entries.delete(id)
    for (const index of this.indexes.values()) this.reindex(index, entry, null)
    return true
  }

  /** Newest first from just before `below` (or the newest), down to `from` seconds. */
  *newestFirst(below?: string, from = 0, to = Infinity): Generator<Row> {
    for (let at = this.start(below, to); at >= 0; at -= 1) {
      const entry = this.order[at]
      if (!entry || entry.created < from) return
      yield entry.row
    }
  }

  /** Oldest first from just after `above`. */
  *oldestFirst(above: string): Generator<Row> {
    const entry = this.entries.get(above)
    for (let at = entry ? this.placeOf(entry) + 1 : 0; at < this.order.length; at += 1) {
      const row = this.order[at]?.row
      if (row) yield row
    }
  }

  private start(below: string | undefined, to: number): number {
    const entry = below === undefined ? undefined : this.entries.get(below)
    if (entry) return this.placeOf(entry) - 1
    if (to === Infinity) return this.order.length - 1
    return this.countBefore({ created: to, sequence: Infinity }) - 1
  }

  private placeOf(entry: Place): number {
    const last = this.order.at(-1)
    return !last || isBefore(last, entry) ? this.order.length : this.countBefore(entry)
  }

  private countBefore(bound: Place): number {
    let [low, high] = [0, this.order.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = this.order[middle]
      if (entry && isBefore(entry, bound)) low = middle + 1
      else high = middle
    }
    return low
  }

  private index(name: string): Index<Row> {
    const index = this.indexes.get(name)
    if (!index) throw new Error(`The store has no index ${name}`)
    return index
  }

  private reindex(index: Index<Row>, entry: Entry<Row>, key: string | null): void {
    const before = index.keys.get(entry.id)
    if (before === key) return
    if (before !== undefined) {
      const bucket = index.buckets.get(before)
      bucket?.delete(entry.id)
      if (bucket?.size === 0) index.buckets.delete(before)
      index.keys.delete(entry.id)
    }
    if (key === null) return
    const bucket = index.buckets.get(key) ?? new Map<string, Entry<Row>>()
    bucket.set(entry.id, entry)
    index.buckets.set(key, bucket)
    index.keys.set(entry.id, key)
  }
}
