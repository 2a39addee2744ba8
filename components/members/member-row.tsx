import { UsedBar } from "@/components/limits/used-bar"
import { LeaveTeamButton } from "@/components/members/leave-team-button"
import { ManageMemberButton } from "@/components/members/manage-member-button"
import type { LeaveTeam, MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { Amount } from "@/components/ui/amount"
import { CELL_ROLE, ROW_ROLE } from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"
import { ROLE_NAMES } from "@/lib/teams/permissions"

/** A table row from 640 px on. Below that, a block with the button at its top right. */
const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 border-t border-border py-4 max-sm:first:pt-0 max-sm:last:pb-0 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-middle sm:last:[&>td]:pb-0"
const NAME = "min-w-0 sm:w-[36%] sm:pr-4"
const FACT = "col-start-1 text-caption text-muted sm:pr-4"
const MANAGE = "col-start-2 row-span-2 row-start-1 text-right sm:whitespace-nowrap"

type MemberRowProps = {
  member: MemberEntry
  actions: MemberActions
  leaveTeam: LeaveTeam
  rights: MemberRights
  now: string
}

export function MemberRow({ member, actions, leaveTeam, rights, now }: MemberRowProps) {
  const { name, email, role, isSelf, joinedAt, lastActiveAt, spentNanos, limitNanos, movableNanos } = member
  return (
    <tr {...ROW_ROLE} className={ROW}>
      <td {...CELL_ROLE} className={NAME}>
        <span className="block font-medium wrap-anywhere">
          {name}
          {isSelf && <span className="font-normal text-muted"> (you)</span>}
        </span>
        {email !== name && <span className="block text-caption wrap-anywhere text-muted">{email}</span>}
      </td>
      <td {...CELL_ROLE} className={FACT}>
        {ROLE_NAMES[role]}
      </td>
      <td {...CELL_ROLE} className={FACT}>
        <span className="sm:hidden">Joined </span>
        <Time iso={joinedAt} look="day" now={now} />
      </td>
      <td {...CELL_ROLE} className={`${FACT} sm:text-right`}>
        {limitNanos === null ? (
          <>
            <Amount nanos={spentNanos} />
            <span className="sm:hidden"> spent this month</span>
          </>
        ) : (
          <UsedBar amountNanos={limitNanos} usedNanos={spentNanos} />
        )}
      </td>
      <td {...CELL_ROLE} className={FACT}>
        {lastActiveAt ? (
          <>
            <span className="sm:hidden">Active </span>
            <Time iso={lastActiveAt} look="day" now={now} />
          </>
        ) : (
          "Signed out"
        )}
      </td>
      <td {...CELL_ROLE} className={MANAGE}>
        {role !== "OWNER" &&
          (isSelf ? (
            <LeaveTeamButton heirPool={rights.heirPool} leaveTeam={leaveTeam} movableNanos={movableNanos} />
          ) : (
            <ManageMemberButton actions={actions} member={member} rights={rights} />
          ))}
      </td>
    </tr>
  )
}
