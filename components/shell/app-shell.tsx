import type { ReactNode } from "react"
import { AccountMenu } from "@/components/shell/account-menu"
import { type NavGroup, SideNav } from "@/components/shell/side-nav"
import { SkipLink } from "@/components/shell/skip-link"
import { type ListTeams, TeamSwitcher } from "@/components/shell/team-switcher"
import { Link } from "@/components/ui/link"
import { ProductMark } from "@/components/ui/product-mark"

type AppShellProps = {
  team: { name: string; slug: string; href: string; chooseHref: string }
  listTeams: ListTeams
  user: { name: string; role: string }
  nav: NavGroup[]
  /** Opens the palette. */
  find: ReactNode
  /** The person's notifications. */
  bell: ReactNode
  /** The form that signs out, with its button. */
  signOut: ReactNode
  children: ReactNode
}

export function AppShell({ team, listTeams, user, nav, find, bell, signOut, children }: AppShellProps) {
  return (
    <>
      <SkipLink />
      <header className="print:hidden sticky top-0 z-30 border-b border-border bg-background">
        <div className="mx-auto flex h-14 max-w-[76rem] items-center gap-3 px-4 sm:gap-4 sm:px-8">
          <Link
            aria-label="Credits, home"
            className="flex shrink-0 rounded-control max-sm:w-7 max-sm:overflow-hidden"
            href={team.href}
          >
            <ProductMark />
          </Link>
          <span aria-hidden="true" className="h-5 w-px shrink-0 bg-border" />
          <TeamSwitcher listTeams={listTeams} team={team} />
          <div className="ml-auto flex shrink-0 items-center gap-1 sm:gap-2">
            {find}
            {bell}
            <AccountMenu signOut={signOut} user={user} />
          </div>
        </div>
      </header>
      <div className="mx-auto flex w-full max-w-[76rem] flex-col gap-6 px-4 pt-4 pb-16 sm:px-8 lg:flex-row lg:gap-12 lg:pt-10">
        <SideNav groups={nav} title="Settings" />
        <main className="w-full max-w-[60rem] min-w-0 flex-1 outline-none" id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  )
}
