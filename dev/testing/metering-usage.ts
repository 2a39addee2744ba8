import { randomUUID } from "node:crypto"
import { AppError } from "@/lib/errors"
import type { Metering } from "@/lib/metering/metering"
import type { Receipt } from "@/lib/metering/plan-spends"
import { reportUsage, type UsageReport } from "@/lib/metering/report-usage"

/** One usage record: a text message, billed to the Owner. On the free plan it has no allowance and costs SMS_NANOS. */
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

/** Reports usage and returns the receipt, or the code of the refusal. Throws anything but a refusal. */
export async function answerTo(metering: Metering, teamId: string, usage: UsageReport): Promise<Answer> {
  try {
    return await reportUsage(metering, teamId, usage)
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code }
    throw error
  }
}
