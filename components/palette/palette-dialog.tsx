import { Autocomplete } from "@base-ui/react/autocomplete"
import { useRouter } from "next/navigation"
import { type KeyboardEvent, type MouseEvent, type RefObject, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Dialog } from "@/components/ui/dialog"
import { whenEntryIsLeft } from "@/components/ui/dialog-address"
import { CONTROL_STYLES } from "@/components/ui/field"
import { toSearchText } from "@/lib/search/schema"
import { can, type ROLE_NAMES } from "@/lib/teams/permissions"
import { palettePages } from "@/lib/web/settings-pages"
import { findRows, toGroups } from "./matching"
import { PaletteList } from "./palette-list"
import { PaletteStatus } from "./palette-status"
import type { PaletteRow } from "./palette-types"
import { useSearch } from "./use-search"

type PaletteDialogProps = {
  open: boolean
  team: { slug: string }
  role: keyof typeof ROLE_NAMES
  /** The element that had the focus. */
  cameFrom: RefObject<Element | null>
  onClose: () => void
}

/** Mount it with a new key for each opening, so that it begins empty. */
export function PaletteDialog({ open, team, role, cameFrom, onClose }: PaletteDialogProps) {
  const router = useRouter()
  const input = useRef<HTMLInputElement>(null)
  const highlighted = useRef<PaletteRow | undefined>(undefined)
  const [typed, setTyped] = useState("")
  const text = toSearchText(typed)
  const { results, isAsking, hasFailed } = useSearch(`/api/teams/${team.slug}/search`, text)
  const pages = palettePages(team.slug, role).map(({ label, of, href }) => ({
    id: href,
    label,
    detail: of,
    href,
  }))
  const groups = toGroups(findRows(pages, text), results)
  const isManager = can(role, "members:manage")
  const kinds = isManager
    ? "pages, members, API keys, transactions by reference, and teams"
    : "pages and teams"

  async function go(event: MouseEvent, { href }: PaletteRow) {
    // The browser opens a tab or a window.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    flushSync(onClose)
    await whenEntryIsLeft()
    router.push(href)
  }

  function onKeyDown(event: KeyboardEvent) {
    const href = highlighted.current?.href
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !href) return
    event.preventDefault()
    window.open(href, "_blank", "noopener")
  }

  return (
    <Dialog
      finalFocus={() => (cameFrom.current instanceof HTMLElement ? cameFrom.current : null)}
      initialFocus={input}
      onOpenChange={(nextOpen) => {
        if (!nextOpen) onClose()
      }}
      open={open}
      title="Find"
    >
      {/* Always as high, so that nothing moves while the list changes. */}
      <div className="-mb-5 flex h-[calc(100dvh-7rem)] flex-col sm:-mb-6 sm:h-[min(30rem,calc(100dvh-9rem))]">
        <Autocomplete.Root
          autoHighlight="always"
          filter={null}
          inline
          items={groups}
          itemToStringValue={({ label }: PaletteRow) => label}
          keepHighlight
          onItemHighlighted={(row: PaletteRow | undefined) => {
            highlighted.current = row
          }}
          onValueChange={(value) => setTyped(value)}
          open
          value={typed}
        >
          <Autocomplete.Input
            aria-label="Find"
            autoComplete="off"
            className={`${CONTROL_STYLES} h-11 shrink-0 px-3 text-[1rem] sm:h-10 sm:text-body`}
            dir="auto"
            onKeyDown={onKeyDown}
            placeholder={isManager ? "Name, email or reference" : "Name"}
            ref={input}
            spellCheck={false}
          />
          <PaletteStatus
            count={groups.reduce((sum, { items }) => sum + items.length, 0)}
            hasFailed={hasFailed}
            isAsking={isAsking}
            kinds={kinds}
            text={text}
          />
          <PaletteList onChoose={go} />
        </Autocomplete.Root>
      </div>
    </Dialog>
  )
}
