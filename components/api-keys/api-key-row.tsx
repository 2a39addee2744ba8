import type { ReactNode } from "react"
import type { ApiKeyActions, ApiKeyEntry } from "@/components/api-keys/api-key-types"
import { ManageKeyButton } from "@/components/api-keys/manage-key-button"
import { RevokeKeyButton } from "@/components/api-keys/revoke-key-button"
import { Amount } from "@/components/ui/amount"
import { Badge } from "@/components/ui/badge"
import { classNames } from "@/components/ui/class-names"
import { CELL_ROLE, ROW_ROLE } from "@/components/ui/table-roles"
import { Time } from "@/components/ui/time"
import { type ApiKeyScope, SCOPE_WORDS } from "@/lib/api-keys/scopes"

/** A table row from 640 px on. Below that, a block of lines with the buttons at its end. */
const ROW =
  "flex flex-col gap-y-1 border-t border-border py-4 max-sm:first:pt-0 max-sm:last:pb-0 sm:table-row sm:[&>td]:border-t sm:[&>td]:border-border sm:[&>td]:py-3 sm:[&>td]:align-baseline sm:last:[&>td]:pb-0"
const NAME = "min-w-0 sm:w-[34%] sm:pr-4"
const FACT = "text-caption text-muted sm:pr-4"
const STATUS = "max-sm:mt-2 sm:text-right sm:whitespace-nowrap"

type ApiKeyRowProps = { apiKey: ApiKeyEntry; actions: ApiKeyActions; now: string }

export function ApiKeyRow({ apiKey, actions, now }: ApiKeyRowProps) {
  const {
    name,
    last4,
    scopes,
    createdAt,
    createdBy,
    revokedAt,
    lastUsedAt,
    spentThisMonthNanos,
    limitNanos,
  } = apiKey
  return (
    <tr {...ROW_ROLE} className={`${ROW} scroll-mt-20`} id={apiKey.id}>
      <td {...CELL_ROLE} className={NAME}>
        <span className={classNames("block font-medium wrap-anywhere", revokedAt && "text-muted")}>
          {name}
        </span>
        <span className="block text-caption text-muted">
          ck_…{last4} · {inWords(scopes)}
        </span>
        {!revokedAt && <OldSecrets now={now} secrets={apiKey.oldSecrets} />}
      </td>
      <td {...CELL_ROLE} className={FACT}>
        <OnPhone>Created </OnPhone>
        <Time iso={createdAt} now={now} />
        {createdBy && (
          <span className="wrap-anywhere sm:line-clamp-2" title={createdBy.name}>
            {" "}
            by {createdBy.name}
            {createdBy.hasLeft && ", who left the team"}
          </span>
        )}
        {!revokedAt && <Expiry apiKey={apiKey} now={now} />}
      </td>
      <td {...CELL_ROLE} className={FACT}>
        {lastUsedAt ? (
          <>
            <OnPhone>Last used </OnPhone>
            <Time iso={lastUsedAt} now={now} />
          </>
        ) : (
          <>
            Never<OnPhone> used</OnPhone>
          </>
        )}
      </td>
      <td {...CELL_ROLE} className={classNames(FACT, "sm:text-right")}>
        <Amount nanos={spentThisMonthNanos} />
        {limitNanos !== null && (
          <span className="sm:block">
            {" "}
            of <Amount nanos={limitNanos} />
          </span>
        )}
        <OnPhone> this month</OnPhone>
      </td>
      <td {...CELL_ROLE} className={STATUS}>
        {revokedAt ? (
          <span className="text-caption text-muted">
            Revoked <Time iso={revokedAt} now={now} />
          </span>
        ) : (
          <span className="inline-flex gap-2">
            <ManageKeyButton actions={actions} apiKey={apiKey} />
            <RevokeKeyButton apiKey={apiKey} revokeApiKey={actions.revokeApiKey} />
          </span>
        )}
      </td>
    </tr>
  )
}

const OnPhone = ({ children }: { children: ReactNode }) => <span className="sm:hidden">{children}</span>

function Expiry({ apiKey: { expiresAt, hasExpired }, now }: { apiKey: ApiKeyEntry; now: string }) {
  if (!expiresAt) return null
  if (hasExpired)
    return (
      <span className="mt-1 block">
        <Badge icon="alert" tone="warning">
          Expired <Time iso={expiresAt} now={now} />
        </Badge>
      </span>
    )
  return (
    <span className="block">
      Expires <Time iso={expiresAt} now={now} />
    </span>
  )
}

function OldSecrets({ secrets, now }: { secrets: ApiKeyEntry["oldSecrets"]; now: string }) {
  return secrets.map(({ last4, worksUntil }) => (
    <span className="block text-caption text-muted" key={worksUntil + last4}>
      ck_…{last4} works until <Time iso={worksUntil} look="deadline" now={now} />
    </span>
  ))
}

/** `Report usage, run agents` */
function inWords(scopes: ApiKeyScope[]): string {
  const words = scopes.map((scope) => SCOPE_WORDS[scope].title).join(", ")
  return words.charAt(0) + words.slice(1).toLowerCase()
}
