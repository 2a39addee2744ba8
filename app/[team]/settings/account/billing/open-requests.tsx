import { OpenRequestsCard } from "@/components/credit-requests/open-requests-card"
import type { CreditsToGive } from "@/lib/credit-requests/queries"
import { toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { approveRequest, declineRequest, withdrawRequest } from "./credit-request-actions"

type Props = { viewer: Viewer; toGive: CreditsToGive }

/** The requests for credits that wait for an Owner or Admin. */
export async function OpenRequests({ viewer: { team, member }, toGive }: Props) {
  if (toGive.requests.length === 0) return null
  return (
    <OpenRequestsCard
      actions={{
        approveRequest: approveRequest.bind(null, team.slug),
        declineRequest: declineRequest.bind(null, team.slug),
        withdrawRequest: withdrawRequest.bind(null, team.slug),
      }}
      giver={{
        movableNanos: toGive.ownNanos,
        purchaseHref: `/${team.slug}/settings/account/billing?dialog=purchase`,
      }}
      hasMore={toGive.hasMore}
      now={await readersNow(pageCtx().now)}
      requests={toGive.requests.map(({ id, memberId, changedAt, ...request }) => ({
        ...request,
        id: toPublicId("creq", id),
        changedAt: changedAt.toISOString(),
        isOwn: memberId === member.id,
      }))}
    />
  )
}
