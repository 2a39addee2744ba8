import type { ReactNode } from "react"

/** Leads to the operator's support. Without an address it is plain text: a link to nowhere is worse than none. */
export function SupportLink({ href, children }: { href: string | null; children: ReactNode }) {
  if (href === null) return children
  return (
    <a className="underline underline-offset-4" href={href}>
      {children}
    </a>
  )
}
