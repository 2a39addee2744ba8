import { EndSessionButton } from "@/components/sessions/end-session-button"
import type { EndSession, SessionEntry } from "@/components/sessions/session-types"
import { Badge } from "@/components/ui/badge"
import { CELL_ROLE, ROW_ROLE } from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"

/** A table row from 640 px on. Below that, a block with the button at its top right. */
const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 border-t border-border py-4 max-sm:first:pt-0 max-sm:last:pb-0 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-middle sm:last:[&>td]:pb-0"
const BROWSER = "min-w-0 sm:w-[40%] sm:pr-4"
const SIGNED_IN = "row-start-2 text-caption text-muted sm:pr-4"
const LAST_USED = "row-start-3 text-caption text-muted sm:pr-4"
const END = "col-start-2 row-span-3 row-start-1 text-right sm:whitespace-nowrap"

type SessionRowProps = { session: SessionEntry; endSession: EndSession; now: string }

export function SessionRow({ session, endSession, now }: SessionRowProps) {
  const { browser, signedInAt, lastUsedAt, isThis } = session
  return (
    <tr {...ROW_ROLE} className={ROW}>
      <td {...CELL_ROLE} className={BROWSER}>
        <span className="font-medium wrap-anywhere">{browser}</span>
      </td>
      <td {...CELL_ROLE} className={SIGNED_IN}>
        <span className="sm:hidden">Signed in </span>
        <Time iso={signedInAt} now={now} />
      </td>
      <td {...CELL_ROLE} className={LAST_USED}>
        <span className="sm:hidden">Last used </span>
        <Time iso={lastUsedAt} look="day" now={now} />
      </td>
      <td {...CELL_ROLE} className={END}>
        {isThis ? (
          <Badge tone="accent">This browser</Badge>
        ) : (
          <EndSessionButton endSession={endSession} now={now} session={session} />
        )}
      </td>
    </tr>
  )
}
