import { redirect } from "next/navigation"
import { REFERENCE_PATH } from "@/lib/reference/pages"

export default function BillingIndex() {
  redirect(REFERENCE_PATH)
}
