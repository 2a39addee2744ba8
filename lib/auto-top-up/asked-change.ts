import { toDecimalString } from "@/lib/money/usd"
import type { ApprovableChange } from "@/lib/notifications/types"

/** The change as it will be written, and the versions that its asker saw. */
export type AskedChange =
  | {
      poolId: string
      enabled: boolean
      thresholdNanos: bigint
      amountNanos: bigint
      capNanos: bigint | null
      settingsVersion: number
      capVersion: number
    }
  | { poolId: null; aboveNanos: bigint | null; ruleVersion: number }

type Row = {
  poolId: string | null
  enabled: boolean | null
  thresholdNanos: bigint | null
  amountNanos: bigint | null
  capNanos: bigint | null
  aboveNanos: bigint | null
  settingsVersion: number | null
  capVersion: number | null
  ruleVersion: number | null
}

/** Reads a change as it is stored. A CHECK holds which columns are filled. */
export function toAskedChange(row: Row): AskedChange {
  const { poolId, enabled, thresholdNanos, amountNanos, settingsVersion, capVersion, ruleVersion } = row
  if (poolId === null) {
    if (ruleVersion === null) throw new Error("An approval of the rule lacks its version")
    return { poolId, aboveNanos: row.aboveNanos, ruleVersion }
  }
  if (enabled === null || thresholdNanos === null || amountNanos === null)
    throw new Error("An approval of a pool lacks its settings")
  if (settingsVersion === null || capVersion === null)
    throw new Error("An approval of a pool lacks its versions")
  return {
    ...{ poolId, enabled, thresholdNanos, amountNanos, capNanos: row.capNanos },
    ...{ settingsVersion, capVersion },
  }
}

const decimal = (nanos: bigint | null) => (nanos === null ? null : toDecimalString(nanos))

/** The change as the audit log and notifications have it: amounts as exact decimals. */
export function changeJson(change: AskedChange): ApprovableChange {
  if (change.poolId === null) return { above: decimal(change.aboveNanos) }
  const { enabled, thresholdNanos, amountNanos, capNanos } = change
  return {
    enabled,
    threshold: toDecimalString(thresholdNanos),
    amount: toDecimalString(amountNanos),
    cap: decimal(capNanos),
  }
}
