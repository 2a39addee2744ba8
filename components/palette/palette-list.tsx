import { Autocomplete } from "@base-ui/react/autocomplete"
import type { MouseEvent } from "react"
import { Link } from "@/components/ui/link"
import type { PaletteGroup, PaletteRow } from "./palette-types"

type PaletteListProps = { onChoose: (event: MouseEvent, row: PaletteRow) => void }

/** Each row is a link, so that it can be opened in a tab of its own. */
export function PaletteList({ onChoose }: PaletteListProps) {
  return (
    <Autocomplete.List className="-mx-3 min-h-0 flex-1 overflow-y-auto overscroll-contain">
      {(group: PaletteGroup) => (
        <Autocomplete.Group className="pb-3" items={group.items} key={group.label}>
          <Autocomplete.GroupLabel className="px-3 pb-1 text-caption text-muted">
            {group.label}
          </Autocomplete.GroupLabel>
          <Autocomplete.Collection>
            {(row: PaletteRow) => (
              <Autocomplete.Item
                className="flex h-11 items-center gap-4 rounded-control px-3 outline-none data-highlighted:bg-sunken sm:h-9 forced-colors:data-highlighted:outline-2"
                key={row.id}
                onClick={(event) => onChoose(event, row)}
                render={<Link href={row.href} />}
                value={row}
              >
                <bdi className="max-w-[70%] shrink-0 truncate font-medium">{row.label}</bdi>
                <bdi className="min-w-0 flex-1 truncate text-right text-caption text-muted">{row.detail}</bdi>
              </Autocomplete.Item>
            )}
          </Autocomplete.Collection>
        </Autocomplete.Group>
      )}
    </Autocomplete.List>
  )
}
