import type { Tx } from "@/lib/db/client"
import { queryIn } from "@/lib/db/query"
import { announce } from "@/lib/live/announce"
import { toDecimalString } from "@/lib/money/usd"
import type { AutoTopUpCtx } from "./ctx"
import type { TopUpSettings } from "./schema"

type Change = { poolId: string | null; version: number; before: object | null; after: object }

/** Records who changed what. No version of the settings or of the cap can be committed without it. */
export async function recordChange(
  tx: Tx,
  { team, actor, now }: AutoTopUpCtx,
  change: Change,
): Promise<void> {
  const { poolId, version, before, after } = change
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
