import { createHmac } from "node:crypto"

/** Stripe signs with the whole secret, `whsec_` included, over the exact bytes that it sends. */
export function signPayload(payload: string, secret: string, timestampS: number): string {
  const digest = createHmac("sha256", secret).update(`${timestampS}.${payload}`).digest("hex")
  return `t=${timestampS},v1=${digest}`
}
