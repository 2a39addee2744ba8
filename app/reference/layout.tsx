import type { ReactNode } from "react"
import { ReferenceShell } from "@/components/reference/reference-shell"
import { REFERENCE_GROUPS, REFERENCE_PATH } from "@/lib/reference/pages"

export default function ReferenceLayout({ children }: { children: ReactNode }) {
  return (
    <ReferenceShell groups={REFERENCE_GROUPS} home={REFERENCE_PATH}>
      {children}
    </ReferenceShell>
  )
}
