import { ActionButton } from "@/components/ui/action-button"
import { Notice } from "@/components/ui/notice"
import { Time } from "@/components/ui/time"
import type { ActionResult } from "@/lib/web/action-result"

type Act = (input: Record<string, never>) => Promise<ActionResult<void>>
const UNREACHABLE = "No answer came. Check your connection, then look again."

type OfferNoticeProps = { name: string; isConfirmed: boolean; expiresAt: string; now: string; withdraw: Act }

/** Tells the Owner where the handing over stands. */
export function OfferNotice({ name, isConfirmed, expiresAt, now, withdraw }: OfferNoticeProps) {
  return (
    <Notice
      action={
        <ActionButton
          done="The offer is withdrawn."
          run={withdraw.bind(null, {})}
          size="small"
          unreachable={UNREACHABLE}
        >
          Withdraw
        </ActionButton>
      }
      title={`You offered ownership to ${name}`}
    >
      {isConfirmed ? "They may accept it until " : "Confirm it by the link in your mail, until "}
      <Time iso={expiresAt} look="deadline" now={now} />.
    </Notice>
  )
}

type OfferedNoticeProps = {
  from: string
  sharesPool: boolean
  expiresAt: string
  now: string
  accept: Act
  decline: Act
}

/** Asks the member whether they take the team over. */
export function OfferedNotice({ from, sharesPool, expiresAt, now, accept, decline }: OfferedNoticeProps) {
  return (
    <Notice
      action={
        <div className="flex flex-wrap gap-2">
          <ActionButton
            done="You’re the Owner now."
            run={accept.bind(null, {})}
            size="small"
            unreachable={UNREACHABLE}
            variant="primary"
          >
            Become the Owner
          </ActionButton>
          <ActionButton
            done="You declined."
            run={decline.bind(null, {})}
            size="small"
            unreachable={UNREACHABLE}
          >
            Decline
          </ActionButton>
        </div>
      }
      title={`${from} offers you ownership of this team`}
    >
      {!sharesPool && "API keys and schedules then draw from your pool of credits. "}
      {from} becomes an Admin. The offer stands until <Time iso={expiresAt} look="deadline" now={now} />.
    </Notice>
  )
}
