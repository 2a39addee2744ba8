import type { Metadata } from "next"
import { ErrorsIndex } from "@/components/reference/errors-index"
import { API_ERRORS } from "@/lib/reference/errors"
import { errorPage } from "@/lib/reference/pages"

export const metadata: Metadata = {
  title: "Errors",
  description: "Every error the API answers with: what happened, and what to do.",
}

export default function ErrorsPage() {
  const errors = API_ERRORS.map((error) => ({
    ...error,
    href: errorPage(error.code).href,
    // Only while an auto top-up is on its way; the error's own page explains it.
    isSometimesRetryable: error.code === "insufficient_credits",
  }))
  return <ErrorsIndex errors={errors} />
}
