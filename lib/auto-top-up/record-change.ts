import { type JsonValue, recordEvent } from "@/lib/audit/record-event"
import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { toPublicId } from "@/lib/ids"
import { announce } from "@/lib/live/announce"
import { toDecimalString } from "@/lib/money/usd"
import { getPoolInWords } from "@/lib/pools/queries"
import type { AutoTopUpCtx } from "./ctx"
import type { TopUpSettings } from "./schema"

type Values = Record<string, JsonValue>

type Change = { poolId: string | null; version: number; before: Values | null; after: Values }

/** Records who changed what. No version of the settings or of the cap can be committed without it. */
export async function recordChange(
  tx: Tx,
  { team, actor, now }: AutoTopUpCtx,
  change: Change,
): Promise<void> {
  const { poolId, version, before, after } = change
  const kind =
    poolId === null ? "spend_cap.changed" : after.resumed ? "auto_top_up.resumed" : "auto_top_up.changed"
  const subject = poolId && {
    kind: "pool" as const,
    id: toPublicId("pool", poolId),
    name: await getPoolInWords(tx, team.id, poolId),
  }
  const values = { ...(before ? { before } : {}), after }
  await recordEvent(tx, { teamId: team.id, actor, kind, ...(subject ? { subject } : {}), ...values }, now)
  await tx.autoTopUpChange.create({
    data: {
      teamId: team.id,
      poolId,
      version,
      memberId: actor.memberId,
      ...(before ? { before } : {}),
      after,
      changedAt: now,
    },
  })
  await announce(queryIn(tx), team.id)
}

/** The settings as they are recorded: amounts as exact decimals. */
export function settingsJson({ enabled, thresholdNanos, amountNanos }: TopUpSettings) {
  return { enabled, threshold: toDecimalString(thresholdNanos), amount: toDecimalString(amountNanos) }
}
