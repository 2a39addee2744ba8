import type { Metadata } from "next"
import { ReferenceIndex } from "@/components/reference/reference-index"
import { errorPage, REFERENCE_GROUPS } from "@/lib/reference/pages"

export const metadata: Metadata = {
  title: "Reference",
  description: "How Credits bills, what the API takes and answers, and what to do when it refuses.",
}

export default function ReferencePage() {
  return (
    <ReferenceIndex
      frequent={[
        errorPage("insufficient_credits"),
        errorPage("idempotency_key_reused"),
        errorPage("forbidden"),
      ]}
      groups={REFERENCE_GROUPS}
    />
  )
}
