import { MemberRow } from "@/components/members/member-row"
import { MemberSearch } from "@/components/members/member-search"
import type { LeaveTeam, MemberActions, MemberEntry, MemberRights } from "@/components/members/member-types"
import { Card, CardSection } from "@/components/ui/card"
import { ColumnHeader } from "@/components/ui/column-header"
import { EmptyState } from "@/components/ui/empty-state"
import { Pager } from "@/components/ui/pager"
import { COLUMN_HEADER_ROLE, ROW_GROUP_ROLE, ROW_ROLE, TABLE_ROLE } from "@/components/ui/table-roles"

type MembersCardProps = {
  members: MemberEntry[]
  actions: MemberActions
  leaveTeam: LeaveTeam
  rights: MemberRights
  /** Null where there are too few to look for one. */
  search: { path: string; text: string } | null
  previousHref: string | null
  nextHref: string | null
  now: string
}

export function MembersCard(props: MembersCardProps) {
  const { members, actions, leaveTeam, rights, search, previousHref, nextHref, now } = props
  return (
    <Card>
      <CardSection>
        {search && <MemberSearch {...search} />}
        {members.length === 0 ? (
          <EmptyState title="Nobody found">No name or email address contains “{search?.text}”.</EmptyState>
        ) : (
          <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
            <caption className="sr-only">Members</caption>
            <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
              <tr {...ROW_ROLE} className="text-caption text-muted">
                <ColumnHeader>Name</ColumnHeader>
                <ColumnHeader>Role</ColumnHeader>
                <ColumnHeader>Joined</ColumnHeader>
                <th {...COLUMN_HEADER_ROLE} className="pr-4 pb-2 text-right font-medium" scope="col">
                  Spent this month
                </th>
                <ColumnHeader>Last active</ColumnHeader>
                <ColumnHeader hidden>Manage</ColumnHeader>
              </tr>
            </thead>
            <tbody
              {...ROW_GROUP_ROLE}
              className="block sm:table-row-group max-sm:[&>tr:first-child]:border-t-0"
            >
              {members.map((member) => (
                <MemberRow
                  actions={actions}
                  key={member.id}
                  leaveTeam={leaveTeam}
                  member={member}
                  now={now}
                  rights={rights}
                />
              ))}
            </tbody>
          </table>
        )}
      </CardSection>
      {(previousHref || nextHref) && (
        <CardSection divided>
          <Pager
            label="Pages of members"
            newerHref={previousHref}
            olderHref={nextHref}
            words={{ newer: "Previous", older: "Next" }}
          />
        </CardSection>
      )}
    </Card>
  )
}
