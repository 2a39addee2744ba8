import type { ReactNode } from "react"
import { Icon } from "@/components/ui/icon"

const MENU_ID = "account-menu"

type AccountMenuProps = { user: { name: string; role: string }; signOut: ReactNode }

/** A native popover: Escape and a click outside close it without our JavaScript. */
export function AccountMenu({ user, signOut }: AccountMenuProps) {
  return (
    <div className="shrink-0">
      <button
        className="-mr-2 flex items-center gap-2.5 rounded-control px-2 py-1.5 transition-colors duration-100 hover:bg-sunken"
        popoverTarget={MENU_ID}
        type="button"
      >
        <span
          aria-hidden="true"
          className="grid size-7 place-items-center rounded-full bg-accent-soft text-caption font-semibold text-accent"
        >
          {initials(user.name)}
        </span>
        <span className="max-w-40 truncate max-sm:sr-only">{user.name}</span>
        <span className="text-muted max-sm:sr-only">{user.role}</span>
        <Icon className="text-muted max-sm:hidden" name="chooser" />
      </button>
      <div
        className="fixed top-16 right-4 w-64 rounded-control border border-border bg-surface p-4 text-text shadow-lg sm:right-[max(2rem,calc((100vw-72rem)/2))]"
        id={MENU_ID}
        popover="auto"
      >
        <p className="font-medium break-words">{user.name}</p>
        <p className="mb-4 text-caption text-muted">{user.role}</p>
        {signOut}
      </div>
    </div>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = words[0] ?? ""
  const last = words.length > 1 ? (words.at(-1) ?? "") : ""
  return `${Array.from(first)[0] ?? ""}${Array.from(last)[0] ?? ""}`.toUpperCase()
}
