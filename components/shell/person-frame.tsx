import type { ReactNode } from "react"
import { BackLink } from "@/components/ui/back-link"
import { ProductMark } from "@/components/ui/product-mark"

/** The frame of a page about a person, who may have no team. A team's settings have the shell instead. */
export function PersonFrame({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto w-full max-w-[60rem] px-4 py-8 sm:px-8" id="main">
      <div className="mb-8">
        <ProductMark />
      </div>
      <BackLink href="/teams">Teams</BackLink>
      {children}
    </main>
  )
}
