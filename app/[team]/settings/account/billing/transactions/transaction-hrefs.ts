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

type Place = Record<string, string | bigint | null | undefined>

/** Returns the addresses of a list of transactions: its filter, and more that each of them has. */
export function listAddress(path: string, chosen: Record<string, string>): (more: Place) => string {
  return (more) => {
    const query = new URLSearchParams(chosen)
    for (const [name, value] of Object.entries(more))
      if (value !== null && value !== undefined) query.set(name, String(value))
    return `${path}?${query}`
  }
}
