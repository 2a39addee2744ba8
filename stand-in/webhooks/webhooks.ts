import { WebhookRules } from "../faults/webhook-rules"
import { DueHeap } from "../world/due-heap"
import { readEvent } from "../world/events"
import { customerOf, type Filter, matchesFilter, subjectOf } from "../world/subject"
import type { Delivery, Endpoint, WireEvent } from "../world/tables"
import type { World } from "../world/world"
import { signPayload } from "./signature"

/** Stripe's hours as seconds, so that a test sees the third try after three seconds. */
const RETRY_S = [1, 2, 5, 10, 30, 60, 300, 900, 3600, 7200, 14400, 28800, 43200, 43200, 43200]
const GIVE_UP_AFTER_MS = 3 * 24 * 3600 * 1000
const TIMEOUT_MS = 10_000
const PARALLEL = 64

function wants(endpoint: Endpoint, event: WireEvent): boolean {
  if (endpoint.disabled) return false
  const customer = customerOf(subjectOf(event)) ?? customerOf(event.data.previous_attributes)
  if (endpoint.customers && (customer === null || !endpoint.customers.includes(customer))) return false
  return endpoint.enabledEvents.some((type) => type === "*" || type === event.type)
}

export class Webhooks {
  readonly rules = new WebhookRules()
  private readonly running = new Set<string>()
  /** May still name deliveries that were sent or postponed meanwhile, so the row itself is checked. */
  private readonly due = new DueHeap<Delivery>()
  private waking = false
  private timer: NodeJS.Timeout | null = null
  private closed = false

  constructor(private readonly world: World) {
    world.clock.onAdvance(() => this.wake())
    for (const row of world.store.list("delivery")) if (row.state === "waiting") this.due.add(row.dueMs, row)
  }

  /** Records one delivery per endpoint. Sending starts after the current answer. */
  schedule(event: WireEvent): void {
    const { store, clock } = this.world
    const plan = this.rules.planFor(event)
    const nowMs = clock.runningMs()
    for (const endpoint of store.list("endpoint").filter((each) => wants(each, event))) {
      const row = store.put("delivery", {
        id: `${event.id}:${endpoint.id}`,
        event: event.id,
        endpoint: endpoint.id,
        state: plan.drop ? "failed" : plan.hold ? "held" : "waiting",
        tries: 0,
        dueMs: nowMs + plan.delayMs,
        firstMs: nowMs,
        badSignature: plan.badSignature,
        copies: plan.copies,
      })
      if (row.state === "waiting") this.due.add(row.dueMs, row)
    }
    for (const ms of plan.againAfterMs)
      setTimeout(() => !this.closed && void this.redeliver(event, 1), ms).unref()
    this.wakeSoon()
  }

  /** Releases held deliveries in the requested order. The receiver gets them one after another. */
  release(filter: Filter, order: "created" | "reversed" | "shuffled"): number {
    const { store, clock } = this.world
    const held = store.where("delivery", "held", "held").filter((row) => {
      const event = store.get("event", row.event)
      return event !== undefined && matchesFilter(filter, subjectOf(event))
    })
    if (order === "reversed") held.reverse()
    if (order === "shuffled") held.sort(() => Math.random() - 0.5)
    for (const [index, row] of held.entries()) {
      store.change("delivery", row, { state: "waiting", dueMs: clock.nowMs() + index * 25 })
      this.due.add(row.dueMs, row)
    }
    this.wake()
    return held.length
  }

  wake(): void {
    if (this.closed) return
    if (this.timer) clearTimeout(this.timer)
    const now = this.world.clock.nowMs()
    while (this.running.size < PARALLEL) {
      const row = this.due.takeDue(now)
      if (!row) break
      if (row.dueMs <= now && this.mayStart(row)) void this.attempt(row)
    }
    const nextMs = this.due.nextMs()
    // Full: each attempt that ends wakes it again.
    if (nextMs === null || this.running.size >= PARALLEL) return
    this.timer = setTimeout(() => this.wake(), Math.min(Math.max(1, nextMs - now), 60_000))
    this.timer.unref()
  }

  /** Sends these events' outstanding deliveries and waits, so that a webhook can overtake the API's own answer. */
  async deliverNow(events: WireEvent[]): Promise<void> {
    const rows = events.flatMap((event) => this.world.store.where("delivery", "undelivered", event.id))
    await Promise.all(rows.filter((row) => this.mayStart(row)).map((row) => this.attempt(row)))
  }

  /** Sends an event again, whatever its state, `times` copies at once. Returns the receiver's statuses. */
  async redeliver(event: WireEvent, times: number): Promise<number[]> {
    const endpoints = this.world.store.list("endpoint").filter((each) => wants(each, event))
    const sends = endpoints.flatMap((endpoint) =>
      Array.from({ length: times }, () => this.post(endpoint, event)),
    )
    const statuses = await Promise.all(sends)
    for (const row of this.world.store.where("delivery", "undelivered", event.id)) {
      if (statuses.some(isSuccess)) this.world.store.change("delivery", row, { state: "delivered" })
    }
    return statuses
  }

  async send(url: string, payload: string, secret: string, timestampS: number): Promise<number> {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          "content-type": "application/json; charset=utf-8",
          "stripe-signature": signPayload(payload, secret, timestampS),
          "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        },
        body: payload,
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  }

  private wakeSoon(): void {
    if (this.waking) return
    this.waking = true
    setImmediate(() => {
      this.waking = false
      this.wake()
    })
  }

  private mayStart(row: Delivery): boolean {
    return row.state === "waiting" && !this.running.has(row.id)
  }

  close(): void {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
  }

  private post(endpoint: Endpoint, event: WireEvent, secret = endpoint.secret): Promise<number> {
    const body = JSON.stringify(readEvent(this.world, event), null, 2)
    return this.send(endpoint.url, body, secret, Math.floor(Date.now() / 1000))
  }

  private async attempt(row: Delivery): Promise<void> {
    const { store, clock } = this.world
    const event = store.get("event", row.event)
    const endpoint = store.get("endpoint", row.endpoint)
    if (!event || !endpoint) return store.remove("delivery", row.id)
    this.running.add(row.id)
    const secret = row.badSignature ? `${endpoint.secret}_wrong` : endpoint.secret
    const statuses = await Promise.all(
      Array.from({ length: row.copies }, () => this.post(endpoint, event, secret)),
    )
    this.running.delete(row.id)
    if (this.closed || store.get("delivery", row.id) !== row) return
    const tries = row.tries + 1
    if (statuses.some(isSuccess)) {
      store.change("delivery", row, { state: "delivered", tries })
    } else {
      const waitS = RETRY_S[row.tries]
      const over = waitS === undefined || clock.nowMs() - row.firstMs > GIVE_UP_AFTER_MS
      store.change("delivery", row, {
        tries,
        badSignature: false,
        state: over ? "failed" : "waiting",
        dueMs: clock.nowMs() + (waitS ?? 0) * 1000,
      })
      if (!over) this.due.add(row.dueMs, row)
    }
    this.wakeSoon()
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}
