import type { ReactNode } from "react"
import { PageHeader } from "@/components/shell/page-header"
import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"

type BillingFrameProps = {
  /** The tabs that the reader may open. */
  tabs: { label: string; href: string; isCurrent: boolean }[]
  children: ReactNode
}

/** Title and tabs, the same on every page of Billing. The tabs are links: each page has an address of its own. */
export function BillingFrame({ tabs, children }: BillingFrameProps) {
  return (
    <>
      <PageHeader title="Billing" trail={["Settings", "Account"]} />
      {/* Wide enough for the links' outlines, which a scrolling box would cut off. */}
      <nav
        aria-label="Billing"
        className="-mx-1.5 -mt-3 mb-6 overflow-x-auto px-1.5 pt-1 [scrollbar-width:none] print:hidden"
      >
        <ul className="flex min-w-max gap-5 border-b border-border sm:gap-7">
          {tabs.map(({ label, href, isCurrent }) => (
            <li key={label}>
              <Link
                aria-current={isCurrent ? "page" : undefined}
                className={classNames(
                  "-mb-px flex h-11 items-center rounded-t-md border-b-2 -outline-offset-2 transition-colors duration-100",
                  isCurrent
                    ? "border-accent font-medium"
                    : "border-transparent text-muted hover:border-border-strong hover:text-text",
                )}
                href={href}
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex flex-col gap-6">{children}</div>
    </>
  )
}
