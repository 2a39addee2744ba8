import { Icon } from "./icon"
import { LinkButton } from "./link-button"

type PagerProps = {
  label: string
  newerHref?: string | null
  olderHref?: string | null
  /** For a list that isn’t in the order of time. */
  words?: { newer: string; older: string }
  /** Where the list is only a part of the page. */
  keepsScroll?: boolean
}

const BY_TIME = { newer: "Newer", older: "Older" }

export function Pager({ label, newerHref, olderHref, words = BY_TIME, keepsScroll = false }: PagerProps) {
  if (!newerHref && !olderHref) return null
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3">
      <span>
        {newerHref && (
          <LinkButton href={newerHref} scroll={!keepsScroll} size="small">
            <Icon name="back" />
            {words.newer}
          </LinkButton>
        )}
      </span>
      <span>
        {olderHref && (
          <LinkButton href={olderHref} scroll={!keepsScroll} size="small">
            {words.older}
            <Icon name="forward" />
          </LinkButton>
        )}
      </span>
    </nav>
  )
}
