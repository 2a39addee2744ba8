"use client"

import { usePathname } from "next/navigation"
import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"

export type NavItem = { label: string; href: string }
/** A group may go without a name if its items need none. */
export type NavGroup = { label: string; items: NavItem[] }

type SideNavProps = {
  title: string
  groups: NavGroup[]
}

/**
 * Stands beside the content. On a phone it is rows above the content with nothing out of sight, or nothing if there
 * is nowhere else to go.
 */
export function SideNav({ title, groups }: SideNavProps) {
  // Read here and not in the layout, which isn't rendered again from page to page.
  const path = usePathname()
  const hrefs = groups.flatMap(({ items }) => items.map(({ href }) => href))
  // A page that isn't listed belongs to the nearest one above it.
  const [nearest] = hrefs
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)
  const hasChoice = groups.reduce((count, group) => count + group.items.length, 0) > 1
  return (
    <nav aria-label={title} className={classNames("shrink-0 lg:w-44", !hasChoice && "max-lg:hidden")}>
      <p className="mb-5 font-semibold max-lg:sr-only">{title}</p>
      <div className="flex max-lg:-mx-3 max-lg:flex-wrap max-lg:gap-1 lg:flex-col lg:gap-5">
        {groups.map((group) => (
          <div className="flex items-center gap-2 lg:flex-col lg:items-stretch lg:gap-1" key={group.label}>
            {group.label && (
              <p className="shrink-0 pb-1 text-caption text-muted max-lg:sr-only">{group.label}</p>
            )}
            <ul className="flex gap-1 lg:-mx-3 lg:flex-col">
              {group.items.map((item) => (
                <li key={item.href}>
                  <Link
                    aria-current={item.href === nearest ? "page" : undefined}
                    className={classNames(
                      "flex h-10 items-center rounded-control px-3 whitespace-nowrap transition-colors duration-100 lg:h-9",
                      item.href === nearest
                        ? "bg-sunken font-medium"
                        : "text-muted hover:bg-sunken hover:text-text",
                    )}
                    href={item.href}
                  >
                    {item.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  )
}
