import { AnswerButton } from "@/components/credit-requests/answer-button"
import type {
  AnswerActions,
  Giver,
  OpenRequestEntry,
} from "@/components/credit-requests/credit-request-types"
import { WithdrawRequestButton } from "@/components/credit-requests/withdraw-request-button"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Time } from "@/components/ui/time"
import type { ReadersNow } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

type OpenRequestsCardProps = {
  /** Those who have waited longest first. */
  requests: OpenRequestEntry[]
  hasMore: boolean
  giver: Giver
  actions: AnswerActions
  now: ReadersNow
}

/** The requests that wait for an answer. Renders nothing if there are none. */
export function OpenRequestsCard({ requests, hasMore, giver, actions, now }: OpenRequestsCardProps) {
  if (requests.length === 0) return null
  return (
    <Card labelledBy="credit-requests">
      <CardHeader>
        <CardTitle id="credit-requests">Requests for credits</CardTitle>
      </CardHeader>
      <CardSection className="pt-1">
        <ul className="divide-y divide-border">
          {requests.map((request) => (
            <li
              className="flex gap-x-4 gap-y-2 py-4 first:pt-2 last:pb-0 max-sm:flex-col sm:items-center sm:justify-between"
              key={request.id}
            >
              <div className="min-w-0">
                <p className="font-medium wrap-anywhere">
                  {request.isOwn ? "You ask" : `${request.name} asks`} for {formatUsd(request.amountNanos)}
                </p>
                <p className="text-caption wrap-anywhere text-muted">
                  “{request.reason}” · <Time iso={request.changedAt} now={now} />
                </p>
              </div>
              <div className="flex shrink-0 gap-2">
                {request.isOwn ? (
                  <WithdrawRequestButton requestId={request.id} withdrawRequest={actions.withdrawRequest} />
                ) : (
                  <>
                    <AnswerButton actions={actions} answer="approve" giver={giver} request={request} />
                    <AnswerButton actions={actions} answer="decline" giver={giver} request={request} />
                  </>
                )}
              </div>
            </li>
          ))}
        </ul>
        {hasMore && (
          <p className="mt-4 text-caption text-muted">More wait. They show as these are answered.</p>
        )}
      </CardSection>
    </Card>
  )
}
