import type { Consumable } from "@/lib/catalog/schema"
import type { Plan } from "@/lib/db/generated/enums"
import type { Query } from "@/lib/db/query"
import { newId } from "@/lib/ids"
import { lockPoolState } from "@/lib/ledger/pool-state"
import { postSpends } from "@/lib/ledger/post-spends"
import { ensureMeter } from "@/lib/metering/meters"
import { planSpends } from "@/lib/metering/plan-spends"
import { readTeamVersion } from "@/lib/metering/team-context"
import { usageKey } from "@/lib/metering/usage-key"

type UsagePool = { teamId: string; poolId: string; memberId: string; plan: Plan }
/** A quantity scaled by the consumable's decimals, or the approximate cost beyond the allowance. */
type Usage = { consumable: Consumable; at: Date } & ({ quantity: bigint } | { amountNanos: bigint })

/** Charges usage as far as the pool goes. Renews nothing: the seed begins its periods itself. */
export async function writeUsage(query: Query, pool: UsagePool, usage: Usage): Promise<void> {
  const { teamId, poolId, plan, memberId } = pool
  const { consumable } = usage
  const terms = { consumable, trigger: "user", memberId, apiKeyId: null } as const
  const meter = await ensureMeter(query, { teamId, plan }, terms)
  const quantity =
    "quantity" in usage
      ? usage.quantity
      : (usage.amountNanos * 10n ** BigInt(meter.decimals)) / meter.rateNanos
  const request = {
    ...usageKey(newId(), ""),
    meter,
    quantity: quantity > 0n ? quantity : 1n,
    reportedAt: null,
    metadata: null,
    takesWhatIsThere: true,
  }
  const before = await lockPoolState(query, teamId, poolId)
  const { spend } = planSpends(before, [request], 0n)
  const version = await readTeamVersion(query, teamId)
  if (version === null) throw new Error("The seed's team is missing")
  await postSpends(query, { id: teamId, version }, usage.at, [spend])
}
