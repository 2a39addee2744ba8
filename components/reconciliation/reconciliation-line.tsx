import { lineInWords, type ReconciliationState } from "@/components/reconciliation/reconciliation-words"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { formatAbsoluteTime, formatAgo, type ReadersNow } from "@/lib/format-time"

type ReconciliationLineProps = { state: ReconciliationState; href: string; now: ReadersNow }

const LOOKS = {
  fine: { icon: "check", tone: "text-positive" },
  doubt: { icon: "alert", tone: "text-warning" },
  waiting: { icon: "clock", tone: "" },
} as const

/** Says in one line whether ledger and Stripe agree, and leads to the details. */
export function ReconciliationLine({ state, href, now }: ReconciliationLineProps) {
  const { text, look } = lineInWords(state)
  return (
    <p className="flex gap-2 px-5 text-caption text-muted sm:px-6">
      <Icon className={`mt-0.5 ${LOOKS[look].tone}`} name={LOOKS[look].icon} />
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
