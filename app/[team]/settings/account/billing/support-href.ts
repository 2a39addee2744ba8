import { env } from "@/lib/env"

/** The address behind "contact support". Null where the operator has set none. */
export function supportHref(): string | null {
  const { SUPPORT_EMAIL } = env()
  return SUPPORT_EMAIL ? `mailto:${SUPPORT_EMAIL}` : null
}
