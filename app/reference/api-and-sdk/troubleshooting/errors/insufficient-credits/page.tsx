import type { Metadata } from "next"
import { InsufficientCreditsArticle } from "@/components/reference/insufficient-credits-article"
import { ERRORS_PATH } from "@/lib/reference/errors"
import { INSUFFICIENT_CREDITS_EXAMPLE, REASONS } from "@/lib/reference/insufficient-credits"
import { ADD_ON_CREDITS, GUIDE, WHO_PAYS } from "@/lib/reference/pages"
import { toJsonText } from "@/lib/reference/to-json-text"

export const metadata: Metadata = {
  title: "Insufficient credits",
  description: "What the error insufficient_credits means, who is billed, and how to go on.",
}

export default function InsufficientCreditsPage() {
  return (
    <InsufficientCreditsArticle
      errorsHref={ERRORS_PATH}
      example={toJsonText(INSUFFICIENT_CREDITS_EXAMPLE)}
      reasons={REASONS}
      related={[ADD_ON_CREDITS, WHO_PAYS, GUIDE]}
    />
  )
}
