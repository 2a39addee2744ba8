"use client"

import { usePathname } from "next/navigation"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

export type NavItem = { label: string; href: string }
/** A group may go without a name if its items need none. */
export type NavGroup = { label: string; items: NavItem[] }

type SideNavProps = {
  title: string
  groups: NavGroup[]
}

/** More would push the content of a phone off the screen. */
const MOST_IN_ROWS = 5
const MENU_ID = "page-menu"

/**
 * Stands beside the content. On a phone a few pages are rows above the content with nothing out of sight, many are a
 * menu that opens below the present page's name, and a single one is nothing.
 */
export function SideNav({ title, groups }: SideNavProps) {
  // Read here and not in the layout, which isn't rendered again from page to page.
  const path = usePathname()
  const items = groups.flatMap((group) => group.items)
  // A page that isn't listed belongs to the nearest one above it.
  const [nearest] = items
    .filter(({ href }) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.href.length - a.href.length)
  const isMenu = items.length > MOST_IN_ROWS
  return (
    <nav
      aria-label={title}
      className={classNames("shrink-0 lg:w-44 print:hidden", items.length < 2 && "max-lg:hidden")}
    >
      <p className="mb-5 font-semibold max-lg:sr-only">{title}</p>
      {isMenu && (
        <button
          className="flex h-11 w-full items-center justify-between rounded-control border border-border bg-surface px-4 lg:hidden"
          popoverTarget={MENU_ID}
          type="button"
        >
          <span className="min-w-0 truncate">
            <span className="text-muted">{title} / </span>
            <span className="font-medium">{nearest?.label ?? "Choose a page"}</span>
          </span>
          <Icon className="text-muted" name="expand" />
        </button>
      )}
      {/* Remounted, and so closed, on another page. */}
      <div
        className={classNames("lg:flex lg:flex-col lg:gap-5", isMenu ? MENU : ROWS)}
        id={isMenu ? MENU_ID : undefined}
        key={isMenu ? path : "rows"}
        popover={isMenu ? "auto" : undefined}
      >
        {groups.map((group) => (
          <div
            className={classNames(
              "lg:flex lg:flex-col lg:gap-1",
              !isMenu && "max-lg:flex max-lg:items-center max-lg:gap-2",
            )}
            key={group.label}
          >
            {group.label && (
              <p
                className={classNames(
                  "pb-1 text-caption text-muted",
                  isMenu ? "max-lg:px-3 max-lg:pt-2" : "max-lg:sr-only",
                )}
              >
                {group.label}
              </p>
            )}
            <ul
              className={classNames(
                "lg:-mx-3 lg:flex lg:flex-col lg:gap-1",
                !isMenu && "max-lg:flex max-lg:gap-1",
              )}
            >
              {group.items.map((item) => (
                <li key={item.href}>
                  <NavLink isCurrent={item === nearest} item={item} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  )
}

const ROWS = "max-lg:-mx-3 max-lg:flex max-lg:flex-wrap max-lg:gap-1"

/** From the width of a desktop on, it stands in the page whether it is open or not. */
const MENU =
  "max-lg:inset-x-4 max-lg:top-30 max-lg:max-h-[calc(100dvh-8rem)] max-lg:w-auto max-lg:overflow-y-auto max-lg:rounded-control max-lg:border max-lg:border-border max-lg:bg-surface max-lg:p-2 max-lg:text-text max-lg:shadow-lg sm:max-lg:inset-x-8 lg:static lg:h-auto lg:w-auto lg:overflow-visible lg:border-0 lg:bg-transparent lg:p-0 lg:text-text"

function NavLink({ item, isCurrent }: { item: NavItem; isCurrent: boolean }) {
  return (
    <Link
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "flex h-10 items-center rounded-control px-3 whitespace-nowrap transition-colors duration-100 lg:h-9",
        isCurrent ? "bg-sunken font-medium" : "text-muted hover:bg-sunken hover:text-text",
      )}
      href={item.href}
    >
      {item.label}
    </Link>
  )
}
