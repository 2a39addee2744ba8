import type { ReactNode } from "react"
import { ProductMark } from "@/components/ui/product-mark"

/** The one narrow card in the middle of a page, for people who aren't signed in yet. */
export function SignInFrame({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 py-8 sm:justify-center" id="main">
      <div className="w-full max-w-[25rem]">
        <div className="mb-6 px-1">
          <ProductMark />
        </div>
        <div className="rounded-card border border-border bg-surface p-6 sm:p-8">{children}</div>
      </div>
    </main>
  )
}
