import type { ReactNode } from "react"
import { LinkButton } from "./link-button"
import { ProductMark } from "./product-mark"

type MessageProps = {
  title: string
  children?: ReactNode
  /** The one way on. Secondary where the page has a better button. */
  link: { href: string; label: string; variant?: "primary" | "secondary" }
}

/** A whole page with one message: not found, expired, failed. */
export function MessagePage(props: MessageProps) {
  return (
    <main className="flex min-h-dvh flex-col px-5 py-6 sm:px-8" id="main">
      <ProductMark />
      <div className="m-auto w-full max-w-[28rem] py-16">
        <Message {...props} />
      </div>
    </main>
  )
}

/** The same inside the shell, which already has the page's `main` and mark. */
export function Message({ title, children, link }: MessageProps) {
  return (
    <div className="flex max-w-[28rem] flex-col items-start gap-3">
      <h1 className="text-title font-semibold text-balance">{title}</h1>
      {children && <div className="text-muted">{children}</div>}
      <LinkButton className="mt-3" href={link.href} variant={link.variant ?? "primary"}>
        {link.label}
      </LinkButton>
    </div>
  )
}
