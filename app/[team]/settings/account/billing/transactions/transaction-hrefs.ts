import { toPublicId } from "@/lib/ids"
import { utcDayOf } from "@/lib/utc-day"

/** Returns the addresses of a team's transactions, and of what they lead to. */
export function transactionHrefs(slug: string) {
  const settings = `/${slug}/settings`
  return {
    transaction: ({ poolId, seq }: { poolId: string; seq: bigint }) =>
      `${settings}/account/billing/transactions?pool=${toPublicId("pool", poolId)}&open=${seq}`,
    /** The approvals of that day (UTC) in the audit log. */
    answer(at: Date): string {
      const day = utcDayOf(at)
      return `${settings}/audit-log?kind=credit_request.approved&from=${day}&to=${day}`
    },
  }
}
