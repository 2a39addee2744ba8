import { hashToken, newToken } from "@/lib/auth/token"
import type { Tx } from "@/lib/db/client"

/** The text of a new key. It is shown once; only its hash is kept. */
export function newApiKey(): string {
  return `ck_${newToken()}`
}

/** Lets whoever holds the key act for the team. */
export async function storeApiKey(
  tx: Tx,
  input: { teamId: string; name: string; apiKey: string },
): Promise<void> {
  await tx.apiKey.create({
    data: {
      teamId: input.teamId,
      name: input.name,
      keyHash: hashToken(input.apiKey),
      last4: input.apiKey.slice(-4),
    },
  })
}
