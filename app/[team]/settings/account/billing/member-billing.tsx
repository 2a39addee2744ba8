import { notFound } from "next/navigation"
import { BalanceOverTime } from "@/components/credits/balance-over-time"
import { MemberCreditsCard } from "@/components/credits/member-credits-card"
import { getBalanceOverTime } from "@/lib/billing-page/balance-over-time"
import { getMemberBilling } from "@/lib/billing-page/queries"
import { getOwnRequest } from "@/lib/credit-requests/queries"
import { toPublicId } from "@/lib/ids"
import { getOwnLimit } from "@/lib/limits/queries"
import { emptyUntil } from "@/lib/pools/empty-until"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { balanceOverTimeOf, type ShownDays } from "./balance-over-time"
import { requestCredits, withdrawRequest } from "./credit-request-actions"
import { includedOf } from "./included-of"

export async function MemberBilling({ viewer, shown }: { viewer: Viewer; shown: ShownDays }) {
  const { db, now } = pageCtx()
  const { team, member } = viewer
  const [billing, limit, request, readerNow] = await Promise.all([
    getMemberBilling(db, viewer),
    getOwnLimit({ db, now }, team.id, member.id),
    getOwnRequest({ db, now }, team.id, member.id),
    readersNow(now),
  ])
  if (!billing) notFound()
  const { pool, people, debtCause } = billing
  // A pool that the whole team shares tells what others use.
  const overTime =
    pool.holder &&
    balanceOverTimeOf(pool, await getBalanceOverTime(db, pool, now), {
      ...{ shown, now },
      // Only Owners and Admins are told whether it is topped up.
      topUp: { kind: "off" },
      hrefOf: (days) => `/${team.slug}/settings/account/billing?days=${days}`,
    })
  return (
    <>
      <MemberCreditsCard
        askPeople={people.map(({ name, role }) => ({ name, role: ROLE_NAMES[role] }))}
        limit={limit}
        now={readerNow}
        pool={{
          id: toPublicId("pool", pool.id),
          balanceNanos: pool.balanceNanos,
          isLow: pool.isLow,
          debtCause,
          included: includedOf(pool, now),
          emptyUntil: emptyUntil(pool, now)?.toISOString(),
        }}
        requests={
          pool.holder && {
            last: request && {
              ...request,
              id: toPublicId("creq", request.id),
              changedAt: request.changedAt.toISOString(),
              endedAt: request.endedAt?.toISOString() ?? null,
            },
            actions: {
              requestCredits: requestCredits.bind(null, team.slug),
              withdrawRequest: withdrawRequest.bind(null, team.slug),
            },
          }
        }
        title={pool.holder === null ? "Team credits" : "Your credits"}
      />
      {overTime && <BalanceOverTime {...overTime} />}
    </>
  )
}
