import type { ApiKeyEntry, RevokeApiKey } from "@/components/api-keys/api-key-types"
import { RevokeKeyButton } from "@/components/api-keys/revoke-key-button"
import { classNames } from "@/components/ui/class-names"
import { CELL_ROLE, ROW_ROLE } from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"
import { type ApiKeyScope, SCOPE_WORDS } from "@/lib/api-keys/scopes"

/** A table row from 640 px on. Below that, a block with the button at its top right. */
const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 border-t border-border py-4 max-sm:first:pt-0 max-sm:last:pb-0 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-baseline sm:last:[&>td]:pb-0"
const NAME = "min-w-0 sm:w-[28%] sm:pr-4"
const SCOPES = "col-span-2 row-start-2 text-caption text-muted sm:w-[30%] sm:pr-4"
const CREATED = "col-span-2 row-start-3 text-caption text-muted sm:pr-4"
const STATUS = "col-start-2 row-start-1 text-right sm:whitespace-nowrap"

type ApiKeyRowProps = { apiKey: ApiKeyEntry; revokeApiKey: RevokeApiKey; now: string }

export function ApiKeyRow({ apiKey, revokeApiKey, now }: ApiKeyRowProps) {
  const { name, last4, scopes, createdAt, createdBy, revokedAt } = apiKey
  return (
    <tr {...ROW_ROLE} className={ROW}>
      <td {...CELL_ROLE} className={NAME}>
        <span className={classNames("block font-medium wrap-anywhere", revokedAt && "text-muted")}>
          {name}
        </span>
        <span className="block text-caption text-muted">ck_…{last4}</span>
      </td>
      <td {...CELL_ROLE} className={SCOPES}>
        {inWords(scopes)}
      </td>
      <td {...CELL_ROLE} className={CREATED}>
        <span className="sm:hidden">Created </span>
        <Time iso={createdAt} now={now} />
        {createdBy && (
          <span className="wrap-anywhere sm:line-clamp-2" title={createdBy.name}>
            {" "}
            by {createdBy.name}
            {createdBy.hasLeft && ", who left the team"}
          </span>
        )}
      </td>
      <td {...CELL_ROLE} className={STATUS}>
        {revokedAt ? (
          <span className="text-caption text-muted">
            Revoked <Time iso={revokedAt} now={now} />
          </span>
        ) : (
          <RevokeKeyButton apiKey={apiKey} revokeApiKey={revokeApiKey} />
        )}
      </td>
    </tr>
  )
}

/** `Report usage, run agents` */
function inWords(scopes: ApiKeyScope[]): string {
  const words = scopes.map((scope) => SCOPE_WORDS[scope].title).join(", ")
  return words.charAt(0) + words.slice(1).toLowerCase()
}
