import { ApiKeyRow } from "@/components/api-keys/api-key-row"
import type { ApiKeyActions, ApiKeyEntry } from "@/components/api-keys/api-key-types"
import { Card, CardSection } from "@/components/ui/card"
import { ColumnHeader } from "@/components/ui/column-header"
import { EmptyState } from "@/components/ui/empty-state"
import { ROW_GROUP_ROLE, ROW_ROLE, TABLE_ROLE } from "@/components/ui/table-roles"

type ApiKeysCardProps = {
  /** Working keys first. */
  keys: ApiKeyEntry[]
  hasMoreRevoked: boolean
  actions: ApiKeyActions
  now: string
}

export function ApiKeysCard({ keys, hasMoreRevoked, actions, now }: ApiKeysCardProps) {
  return (
    <Card>
      <CardSection>
        {keys.length === 0 ? (
          <EmptyState title="No API keys yet">
            Create one for each program that reports usage or runs agents for your team.
          </EmptyState>
        ) : (
          <table {...TABLE_ROLE} className="relative block w-full border-collapse sm:table">
            <caption className="sr-only">API keys</caption>
            <thead {...ROW_GROUP_ROLE} className="max-sm:sr-only">
              <tr {...ROW_ROLE} className="text-caption text-muted">
                <ColumnHeader>Key</ColumnHeader>
                <ColumnHeader>Created</ColumnHeader>
                <ColumnHeader>Last used</ColumnHeader>
                <ColumnHeader alignsRight>This month</ColumnHeader>
                <ColumnHeader hidden>Status</ColumnHeader>
              </tr>
            </thead>
            <tbody
              {...ROW_GROUP_ROLE}
              className="block sm:table-row-group max-sm:[&>tr:first-child]:border-t-0"
            >
              {keys.map((key) => (
                <ApiKeyRow actions={actions} apiKey={key} key={key.id} now={now} />
              ))}
            </tbody>
          </table>
        )}
        {hasMoreRevoked && <p className="mt-4 text-caption text-muted">Keys revoked earlier aren’t shown.</p>}
      </CardSection>
    </Card>
  )
}
