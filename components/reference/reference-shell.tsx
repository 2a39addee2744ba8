import type { ReactNode } from "react"
import { ReferenceNav } from "@/components/reference/reference-nav"
import { SkipLink } from "@/components/shell/skip-link"
import { Link } from "@/components/ui/link"
import { ProductMark } from "@/components/ui/product-mark"

type ReferenceShellProps = {
  home: string
  groups: { label: string; pages: { label: string; href: string }[] }[]
  children: ReactNode
}

/** The frame of the pages that anybody may read: the app's own, without team and account. */
export function ReferenceShell({ home, groups, children }: ReferenceShellProps) {
  return (
    <>
      <SkipLink />
      <header className="sticky top-0 z-30 border-b border-border bg-background">
        <div className="mx-auto flex h-14 max-w-[76rem] items-center gap-3 px-4 sm:gap-4 sm:px-8">
          <Link
            aria-label="Credits, home"
            className="flex shrink-0 rounded-control max-sm:w-7 max-sm:overflow-hidden"
            href="/"
            prefetch={false}
          >
            <ProductMark />
          </Link>
          <span aria-hidden="true" className="h-5 w-px shrink-0 bg-border" />
          <Link
            className="rounded-control px-2 py-1.5 font-medium transition-colors duration-100 hover:bg-sunken"
            href={home}
          >
            Reference
          </Link>
          <Link
            className="-mr-2 ml-auto rounded-control px-2 py-1.5 text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
            href="/"
            prefetch={false}
          >
            Go to your team
          </Link>
        </div>
      </header>
      <div className="mx-auto flex w-full max-w-[76rem] flex-col gap-6 px-4 pt-4 pb-20 sm:px-8 lg:flex-row lg:gap-12 lg:pt-10">
        <ReferenceNav groups={groups} home={home} />
        <main className="w-full max-w-[60rem] min-w-0 flex-1 outline-none" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  )
}
