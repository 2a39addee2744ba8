import { randomUUID } from "node:crypto"
import { afterAll } from "vitest"
import { connectForSpending, type SpendConnections } from "@/lib/db/spend-connections"
import { AppError } from "@/lib/errors"
import { Metering } from "@/lib/metering/metering"
import type { Receipt } from "@/lib/metering/plan-spends"
import { reportUsage, type UsageReport } from "@/lib/metering/report-usage"
import type { DatabaseWorld } from "./world"

/**
 * Makes meterings for the tests of a file. To the database each is a process of its own: it has its own connections and
 * remembers pools and teams by itself.
 */
export function testMetering(world: DatabaseWorld) {
  const opened: SpendConnections[] = []
  afterAll(() => Promise.all(opened.map((connections) => connections.end())))
  return {
    start({ url = world.databaseUrl, size = 4 }: { url?: string; size?: number } = {}): Metering {
      const connections = connectForSpending(url, size)
      opened.push(connections)
      return new Metering(connections)
    },
    startMany(count: number): Metering[] {
      return Array.from({ length: count }, () => this.start())
    },
  }
}

/** One usage record: 1,000 text messages by the Owner's pool, which no plan gives an allowance of that size. */
export function usageOf(more: Partial<UsageReport> = {}): UsageReport {
  return {
    key: randomUUID(),
    consumable: "sms",
    quantity: 1n,
    cause: { trigger: "api_key", user: null, apiKeyId: null },
    occurredAt: null,
    metadata: null,
    authorise: () => undefined,
    ...more,
  }
}

export type Answer = { receipt: Receipt; replayed: boolean } | { refused: string }

/** Reports usage and gives the receipt, or the code of the refusal. Anything but a refusal is thrown. */
export async function answerTo(metering: Metering, teamId: string, usage: UsageReport): Promise<Answer> {
  try {
    return await reportUsage(metering, teamId, usage)
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code }
    throw error
  }
}
