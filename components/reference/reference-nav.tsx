"use client"

import { usePathname } from "next/navigation"
import { SideNav } from "@/components/shell/side-nav"

type ReferenceNavProps = {
  home: string
  groups: { label: string; pages: { label: string; href: string }[] }[]
}

/** Marks the page that is open, or the one that it belongs to. */
export function ReferenceNav({ home, groups }: ReferenceNavProps) {
  const pathname = usePathname()
  const hrefs = groups.flatMap(({ pages }) => pages.map(({ href }) => href))
  const [nearest] = hrefs
    .filter((href) => pathname === href || pathname.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)
  return (
    <SideNav
      groups={[
        { label: "", items: [{ label: "Overview", href: home, current: pathname === home }] },
        ...groups.map(({ label, pages }) => ({
          label,
          items: pages.map((page) => ({ ...page, current: page.href === nearest })),
        })),
      ]}
      title="Reference"
      wraps
    />
  )
}
