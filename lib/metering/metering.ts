import type { SpendConnections } from "@/lib/db/spend-connections"
import type { SpendAnswer, SpendOrder } from "./spend-item"
import { SpendQueue } from "./spend-queue"
import { TeamContexts } from "./team-contexts"

/** Spends for any number of teams, from one process. */
export class Metering {
  readonly contexts: TeamContexts
  private readonly queues = new Map<string, SpendQueue>()

  constructor(readonly connections: SpendConnections) {
    this.contexts = new TeamContexts(connections)
  }

  /** Spends from the pool that the order's `place` chooses; see SpendQueue. */
  spend(teamId: string, order: SpendOrder): Promise<SpendAnswer> {
    let queue = this.queues.get(teamId)
    if (!queue) {
      this.forgetIdle()
      queue = new SpendQueue(teamId, this.connections, this.contexts)
      this.queues.set(teamId, queue)
    }
    return queue.spend(order)
  }

  /** Bounds the process's memory, however many teams it meets. */
  private forgetIdle(): void {
    if (this.queues.size < 10_000) return
    for (const [teamId, queue] of this.queues) if (queue.isIdle) this.queues.delete(teamId)
  }
}
