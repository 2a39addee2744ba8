import { type NavGroup, SideNav } from "@/components/shell/side-nav"

type ReferenceNavProps = {
  home: string
  groups: { label: string; pages: { label: string; href: string }[] }[]
}

/** Lists the reference's pages beside the open one. */
export function ReferenceNav({ home, groups }: ReferenceNavProps) {
  const overview: NavGroup = { label: "", items: [{ label: "Overview", href: home }] }
  return (
    <SideNav
      groups={[overview, ...groups.map(({ label, pages }) => ({ label, items: pages }))]}
      title="Reference"
    />
  )
}
