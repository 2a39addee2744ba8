import { Icon } from "./icon"
import { Link } from "./link"

/** Above a page's title: leads to the page that it belongs to. */
export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <Link
      className="mb-3 inline-flex items-center gap-1.5 rounded-lg text-caption font-medium text-accent underline-offset-4 hover:underline"
      href={href}
    >
      <Icon name="back" />
      {children}
    </Link>
  )
}
