import { SessionRow } from "@/components/sessions/session-row"
import type { EndSession, SessionEntry } from "@/components/sessions/session-types"
import { Card, CardSection } from "@/components/ui/card"
import { ColumnHeader } from "@/components/ui/column-header"
import { ROW_GROUP_ROLE, ROW_ROLE, TABLE_ROLE } from "@/components/ui/table-roles"

type SessionsCardProps = {
  /** This browser's first. */
  sessions: SessionEntry[]
  hasMore: boolean
  endSession: EndSession
  now: string
}

export function SessionsCard({ sessions, hasMore, endSession, now }: SessionsCardProps) {
  return (
    <Card>
      <CardSection>
        <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
          <caption className="sr-only">Sessions</caption>
          <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
            <tr {...ROW_ROLE} className="text-caption text-muted">
              <ColumnHeader>Browser</ColumnHeader>
              <ColumnHeader>Signed in</ColumnHeader>
              <ColumnHeader>Last used</ColumnHeader>
              <ColumnHeader hidden>Sign out</ColumnHeader>
            </tr>
          </thead>
          <tbody
            {...ROW_GROUP_ROLE}
            className="block sm:table-row-group max-sm:[&>tr:first-child]:border-t-0"
          >
            {sessions.map((session) => (
              <SessionRow endSession={endSession} key={session.id} now={now} session={session} />
            ))}
          </tbody>
        </table>
        {sessions.length === 1 && <p className="mt-4 text-muted">You’re not signed in anywhere else.</p>}
        {hasMore && (
          <p className="mt-4 text-muted">Older sessions aren’t shown. “Sign out everywhere” ends them too.</p>
        )}
      </CardSection>
      <CardSection divided>
        <p className="text-caption text-muted">
          A session ends after 30 days without use, or 90 days after signing in. Last use is recorded once a
          day.
        </p>
      </CardSection>
    </Card>
  )
}
