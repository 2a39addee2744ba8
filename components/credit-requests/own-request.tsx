import type { OwnRequestActions, OwnRequestEntry } from "@/components/credit-requests/credit-request-types"
import { RequestCreditsButton } from "@/components/credit-requests/request-credits-button"
import { WithdrawRequestButton } from "@/components/credit-requests/withdraw-request-button"
import { Notice } from "@/components/ui/notice"
import { Time } from "@/components/ui/time"
import type { ReadersNow } from "@/lib/format-time"
import { formatUsd } from "@/lib/money/usd"

type OwnRequestProps = { request: OwnRequestEntry; actions: OwnRequestActions; now: ReadersNow }

/** Shows the Member’s last request and its answer. */
export function OwnRequest({ request, actions, now }: OwnRequestProps) {
  const { id, status, amountNanos, reason, changedAt, endedAt, answeredBy, grantedNanos, word } = request
  const asked = formatUsd(amountNanos)
  const by = answeredBy ?? "Somebody who has left"
  if (status === "open")
    return (
      <Notice
        action={
          <div className="flex flex-wrap gap-2">
            <RequestCreditsButton known={request} requestCredits={actions.requestCredits} />
            <WithdrawRequestButton requestId={id} withdrawRequest={actions.withdrawRequest} />
          </div>
        }
        title={`You asked for ${asked}`}
      >
        <p className="wrap-anywhere">
          “{reason}” · <Time iso={changedAt} now={now} />. Owners and Admins were told.
        </p>
      </Notice>
    )
  if (status === "approved")
    return (
      <Notice title={`Your request for ${asked} was approved`}>
        <p className="wrap-anywhere">
          {by} moved {formatUsd(grantedNanos ?? 0n)} to your pool
          {endedAt && (
            <>
              {" "}
              · <Time iso={endedAt} now={now} />
            </>
          )}
        </p>
      </Notice>
    )
  return (
    <Notice title={`Your request for ${asked} was declined`} tone="warning">
      <p className="wrap-anywhere">
        {word === null ? `${by} declined it` : `${by}: “${word}”`}
        {endedAt && (
          <>
            {" "}
            · <Time iso={endedAt} now={now} />
          </>
        )}
      </p>
    </Notice>
  )
}
