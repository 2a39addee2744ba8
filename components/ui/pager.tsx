import { Icon } from "./icon"
import { LinkButton } from "./link-button"

type PagerProps = { label: string; newerHref?: string | null; olderHref?: string | null }

export function Pager({ label, newerHref, olderHref }: PagerProps) {
  if (!newerHref && !olderHref) return null
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3">
      <span>
        {newerHref && (
          <LinkButton href={newerHref} size="small">
            <Icon name="back" />
            Newer
          </LinkButton>
        )}
      </span>
      <span>
        {olderHref && (
          <LinkButton href={olderHref} size="small">
            Older
            <Icon name="forward" />
          </LinkButton>
        )}
      </span>
    </nav>
  )
}
