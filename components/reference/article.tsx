import type { ReactNode } from "react"
import { BackLink } from "@/components/ui/back-link"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

type ArticleProps = {
  title: string
  lead: ReactNode
  /** The page above, where the navigation beside it doesn't show this one. */
  back?: { href: string; label: string }
  children: ReactNode
}

export function Article({ title, lead, back, children }: ArticleProps) {
  return (
    <article>
      {back && <BackLink href={back.href}>{back.label}</BackLink>}
      <h1 className="text-title font-semibold text-balance">{title}</h1>
      <div className="mt-2 mb-8 max-w-[65ch] text-muted">{lead}</div>
      {children}
    </article>
  )
}

/** One question and its answer, side by side on a wide screen, as in a data sheet. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section
      aria-labelledby={id}
      className="border-t border-border py-7 xl:grid xl:grid-cols-[10rem_minmax(0,1fr)] xl:gap-x-10"
    >
      <h2 className="mb-3 scroll-mt-20 font-semibold" id={id}>
        <a className="underline-offset-4 hover:underline" href={`#${id}`}>
          {title}
        </a>
      </h2>
      <div className="flex min-w-0 flex-col gap-4 [&>p]:max-w-[65ch]">{children}</div>
    </section>
  )
}

export function Subsection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2 not-first:mt-3">
      <h3 className="font-medium">{title}</h3>
      {children}
    </div>
  )
}

export function Steps({ children }: { children: ReactNode }) {
  return (
    <ol className="flex max-w-[65ch] list-decimal flex-col gap-2 pl-5 marker:text-muted marker:tabular-nums">
      {children}
    </ol>
  )
}

export function Bullets({ children }: { children: ReactNode }) {
  return <ul className="flex max-w-[65ch] list-disc flex-col gap-2 pl-5 marker:text-muted">{children}</ul>
}

/** The name of a button, a field or a place in the app. */
export function Named({ children }: { children: string }) {
  return <strong className="font-medium">{children}</strong>
}

/** A link inside text: underlined, because colour alone doesn't set it apart from the words around it. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  const className =
    "rounded-sm text-accent underline decoration-border-strong underline-offset-4 transition-colors duration-100 hover:decoration-current"
  // Next can only fetch pages of the app in advance.
  if (href.startsWith("/api/") || href.startsWith("#"))
    return (
      <a className={className} href={href}>
        {children}
      </a>
    )
  return (
    <Link className={className} href={href}>
      {children}
    </Link>
  )
}

/** Pages to go on with, each with a line about it. */
export function PageList({ pages }: { pages: { href: string; label: string; about: string }[] }) {
  return (
    <ul className="-mx-3 -my-2.5 flex flex-col gap-1">
      {pages.map(({ href, label, about }) => (
        <li key={href}>
          <Link
            className="flex items-center gap-4 rounded-control px-3 py-2.5 transition-colors duration-100 hover:bg-sunken"
            href={href}
          >
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{label}</span>
              <span className="block text-caption text-muted">{about}</span>
            </span>
            <Icon className="text-muted" name="forward" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
