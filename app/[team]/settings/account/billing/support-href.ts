import { env } from "@/lib/env"

/** Where "contact support" leads; null where the operator has set no address. */
export function supportHref(): string | null {
  const { SUPPORT_EMAIL } = env()
  return SUPPORT_EMAIL ? `mailto:${SUPPORT_EMAIL}` : null
}
