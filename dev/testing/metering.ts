import { afterAll } from "vitest"
import type { Query, Statement } from "@/lib/db/query"
import { connectForSpending, type SpendConnections } from "@/lib/db/spend-connections"
import type { PoolState } from "@/lib/ledger/pool-state"
import { Metering } from "@/lib/metering/metering"
import { credit } from "./ledger"
import { createTestTeam } from "./teams"
import type { DatabaseWorld } from "./world"

/**
 * Makes meterings for the tests of a file. To the database each is a separate process, with its own connections and
 * its own memory of pools and teams.
 */
export function testMetering(world: DatabaseWorld) {
  const opened: SpendConnections[] = []
  afterAll(() => Promise.all(opened.map((connections) => connections.end())))
  const connect = (size = 2) => {
    const connections = connectForSpending(world.databaseUrl, size)
    opened.push(connections)
    return connections
  }
  return {
    connect,
    start: () => new Metering(connect()),
    startMany(count: number): Metering[] {
      return Array.from({ length: count }, () => this.start())
    },
  }
}

export const SMS_NANOS = 12_000_000n

/** Creates a team on the free plan, which includes no credits, with credits in the Owner's pool. */
export async function createPayingTeam(world: DatabaseWorld, creditsNanos: bigint) {
  const team = await createTestTeam(world.db, { plan: "free" })
  const pool = { teamId: team.id, poolId: team.owner.poolId }
  if (creditsNanos > 0n) await credit(world.db, pool, creditsNanos)
  return { team, pool }
}

/** Returns a metering's memory of a team's pools. It decides about speed only, which a test proves by changing it. */
export function memoryOf(metering: Metering, teamId: string): Map<string, PoolState> {
  type Queue = { memory: { states: Map<string, PoolState> } }
  const { queues } = metering as unknown as { queues: Map<string, Queue> }
  const queue = queues.get(teamId)
  if (!queue) throw new Error("This metering has not met the team yet")
  return queue.memory.states
}

/** Returns the same connections, with something done right before or after chosen statements. */
export function interceptedConnections(
  connections: SpendConnections,
  around: (statement: Statement, run: () => Promise<unknown[]>) => Promise<unknown[]>,
): SpendConnections {
  const intercept = (query: Query): Query =>
    (<Row>(statement: Statement, values: unknown[]) =>
      around(statement, () => query<Row>(statement, values))) as Query
  return {
    query: intercept(connections.query),
    transaction: (work) => connections.transaction((query) => work(intercept(query))),
    end: connections.end,
  }
}
