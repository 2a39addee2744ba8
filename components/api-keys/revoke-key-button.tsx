"use client"

import type { ApiKeyEntry, RevokeApiKey } from "@/components/api-keys/api-key-types"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { SCOPE_WORDS } from "@/lib/api-keys/scopes"

type RevokeKeyButtonProps = { apiKey: ApiKeyEntry; revokeApiKey: RevokeApiKey }

export function RevokeKeyButton({ apiKey, revokeApiKey }: RevokeKeyButtonProps) {
  const { id, name, last4, scopes } = apiKey
  return (
    <ConfirmButton
      aria-label={`Revoke ${name}`}
      confirm={() => revokeApiKey({ apiKeyId: id })}
      confirmLabel="Revoke key"
      done={`“${name}” is revoked.`}
      label="Revoke"
      title={`Revoke “${name}”?`}
      unreachable="The key couldn’t be revoked and may still work. Check your connection, then try again."
    >
      <div className="flex flex-col gap-2">
        <p>
          Programs that use the key ending in {last4} are refused from their next request on. They can no
          longer:
        </p>
        <ul className="list-disc pl-5">
          {scopes.map((scope) => (
            <li key={scope}>{SCOPE_WORDS[scope].title.toLowerCase()}</li>
          ))}
        </ul>
        <p>This can’t be undone.</p>
      </div>
    </ConfirmButton>
  )
}
