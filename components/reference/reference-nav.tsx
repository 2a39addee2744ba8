import { type NavGroup, SideNav } from "@/components/shell/side-nav"

type ReferenceNavProps = {
  home: string
  groups: { label: string; pages: { label: string; href: string }[] }[]
}

/** The pages of the reference beside the one that is open. */
export function ReferenceNav({ home, groups }: ReferenceNavProps) {
  const overview: NavGroup = { label: "", items: [{ label: "Overview", href: home }] }
  return (
    <SideNav
      groups={[overview, ...groups.map(({ label, pages }) => ({ label, items: pages }))]}
      title="Reference"
    />
  )
}
