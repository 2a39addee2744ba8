import { hashToken } from "@/lib/auth/token"
import type { Tx } from "@/lib/db/client"
import type { ApiKeyScope } from "./scopes"

export type NewApiKey = {
  teamId: string
  id: string
  name: string
  scopes: ApiKeyScope[]
  createdByMemberId: string | null
  createdAt: Date
  expiresAt?: Date | null
  apiKey: string
}

/** Lets anybody who holds the key act for the team. */
export async function storeApiKey(tx: Tx, { apiKey, ...row }: NewApiKey): Promise<void> {
  await tx.apiKey.create({ data: { ...row, keyHash: hashToken(apiKey), last4: apiKey.slice(-4) } })
}
