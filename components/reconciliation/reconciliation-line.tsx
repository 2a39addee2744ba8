import { lineInWords, type ReconciliationState } from "@/components/reconciliation/reconciliation-words"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { formatAbsoluteTime, formatAgo, type ReadersNow } from "@/lib/format-time"

type ReconciliationLineProps = { state: ReconciliationState; href: string; now: ReadersNow }

/** Says in one line whether ledger and Stripe agree, and leads to the details. */
export function ReconciliationLine({ state, href, now }: ReconciliationLineProps) {
  const { text, isFine } = lineInWords(state)
  return (
    <p className="flex gap-2 px-5 text-caption text-muted sm:px-6">
      <Icon
        className={isFine ? "mt-0.5 text-positive" : "mt-0.5 text-warning"}
        name={isFine ? "check" : "alert"}
      />
      <span>
        <Link className="rounded-sm underline-offset-4 hover:text-text hover:underline" href={href}>
          {text}
        </Link>
        {state.checkedAt && (
          <>
            {" · checked "}
            <time dateTime={state.checkedAt} title={formatAbsoluteTime(new Date(state.checkedAt), now)}>
              {formatAgo(new Date(state.checkedAt), now)}
            </time>
          </>
        )}
      </span>
    </p>
  )
}
