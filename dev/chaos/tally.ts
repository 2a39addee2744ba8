/** An act on a pool with auto top-up, from request to answer. `far_too_much` is no reason to charge a card. */
export type Act = {
  teamId: string
  poolId: string
  kind: "usage" | "refusal" | "hold" | "save" | "card" | "far_too_much" | "resume"
  from: Date
  to: Date
}

/** Counts what has happened so far. */
export class Tally {
  begun = 0
  /** People who have done everything in the plan. */
  ended = 0
  paid = 0
  refunds = 0
  disputes = 0
  topUpRefunds = 0
  topUpDisputes = 0
  usages = 0
  refusedUsages = 0
  /** Renewals that went wrong, and which of them were paid afterwards. */
  readonly renewals = { paid: 0, failed: 0, paidLater: 0, ended: 0 }
  readonly acts: Act[] = []
  /** Requests that a person or program had to repeat: Stripe away, a process killed. */
  repeated = 0
  /** Answers of the API that never arrived, by team. Any of them may have been a refusal. */
  readonly lostAnswers = new Map<string, number>()
  readonly killed = { app: 0, worker: 0, driver: 0, connections: 0 }
  /** Errors that nobody may ever see: no refusal and no outage. */
  readonly broken: string[] = []
  /** The credits that usage drew according to the answers, by team. */
  readonly drawnNanos = new Map<string, bigint>()

  draw(teamId: string, nanos: bigint): void {
    this.drawnNanos.set(teamId, (this.drawnNanos.get(teamId) ?? 0n) + nanos)
  }
}
