import { ApiKeysCard } from "@/components/api-keys/api-keys-card"
import { CreateKeyButton } from "@/components/api-keys/create-key-button"
import { PageHeader } from "@/components/shell/page-header"
import { LeftBehindNotice } from "@/components/ui/left-behind-notice"
import { Notice } from "@/components/ui/notice"
import { listApiKeys } from "@/lib/api-keys/queries"
import { API_KEY_LIMIT_SENTENCE, MAX_ACTIVE_API_KEYS } from "@/lib/api-keys/schema"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { createApiKey, renameApiKey, revokeApiKey, rollApiKey } from "./actions"
import { toEntry } from "./to-entry"

export const generateMetadata = teamTitle("API keys", "api-keys:manage")

type Props = { params: Promise<{ team: string }> }

export default async function ApiKeysPage({ params }: Props) {
  const { team: slug } = await params
  const { team } = await requireMember(slug, "api-keys:manage")
  const { db, now } = pageCtx()
  const { keys, activeCount, hasMoreRevoked } = await listApiKeys({ db, now }, team.id)
  const isFull = activeCount >= MAX_ACTIVE_API_KEYS
  return (
    <>
      <PageHeader
        action={<CreateKeyButton createApiKey={createApiKey.bind(null, slug)} disabled={isFull} />}
        description="Programs use them to act for your team."
        title="API keys"
        trail={["Settings", "Team"]}
      />
      <div className="flex flex-col gap-4">
        {isFull && <Notice>{API_KEY_LIMIT_SENTENCE}</Notice>}
        <LeftBehindNotice
          names={keys
            .filter(({ createdBy, revokedAt }) => createdBy?.hasLeft && !revokedAt)
            .map(({ name }) => name)}
        >
          They still work for anyone who knows them. Replace them, or revoke those you don’t need.
        </LeftBehindNotice>
        <ApiKeysCard
          actions={{
            renameApiKey: renameApiKey.bind(null, slug),
            rollApiKey: rollApiKey.bind(null, slug),
            revokeApiKey: revokeApiKey.bind(null, slug),
          }}
          hasMoreRevoked={hasMoreRevoked}
          keys={keys.map((key) => toEntry(key, now))}
          now={await readersNow(now)}
        />
      </div>
    </>
  )
}
