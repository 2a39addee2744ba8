import type { ReactNode } from "react"
import { Notice } from "./notice"

const MOST_NAMED = 5

type LeftBehindNoticeProps = {
  /** Names what still works although its maker has left. */
  names: string[]
  /** Advises the reader what to do. */
  children: ReactNode
}

/** Shown above a list, so that nobody has to look through it. Renders nothing for an empty list. */
export function LeftBehindNotice({ names, children }: LeftBehindNoticeProps) {
  if (names.length === 0) return null
  const more = names.length - MOST_NAMED
  const shown = [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])]
  return (
    <Notice title="Made by people who left the team" tone="warning">
      <p className="wrap-anywhere">{new Intl.ListFormat("en").format(shown)}</p>
      <p>{children}</p>
    </Notice>
  )
}
