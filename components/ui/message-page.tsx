import type { ReactNode } from "react"
import { LinkButton } from "./link-button"
import { ProductMark } from "./product-mark"

type MessagePageProps = {
  title: string
  children?: ReactNode
  /** The one way on. */
  link: { href: string; label: string }
}

/** A whole page that says one thing: not found, expired, something failed. */
export function MessagePage({ title, children, link }: MessagePageProps) {
  return (
    <main className="flex min-h-dvh flex-col px-5 py-6 sm:px-8" id="main">
      <ProductMark />
      <div className="m-auto flex w-full max-w-[28rem] flex-col items-start gap-3 py-16">
        <h1 className="text-title font-semibold text-balance">{title}</h1>
        {children && <div className="text-muted">{children}</div>}
        <LinkButton className="mt-3" href={link.href} variant="primary">
          {link.label}
        </LinkButton>
      </div>
    </main>
  )
}
