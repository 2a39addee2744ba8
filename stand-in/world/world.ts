import type { Agenda } from "./agenda"
import type { Clock } from "./clock"
import type { Dashboard } from "./dashboard"
import type { Steering } from "./steering"
import type { Store } from "./store"
import type { WireEvent } from "./tables"

/** The call that is being answered. Events remember it. */
export interface CurrentRequest {
  id: string
  idempotencyKey: string | null
  events: WireEvent[]
}

export interface World {
  store: Store
  clock: Clock
  agenda: Agenda
  steering: Steering
  dashboard: Dashboard
  /** The stand-in's own address: receipts, hosted pages and authentication live there. */
  baseUrl: string
  request: CurrentRequest | null
  /** Called for each event once it is stored. */
  onEvent: (event: WireEvent) => void
}
