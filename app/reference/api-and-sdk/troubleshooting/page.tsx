import { redirect } from "next/navigation"
import { ERRORS_PATH } from "@/lib/reference/errors"

export default function TroubleshootingIndex() {
  redirect(ERRORS_PATH)
}
