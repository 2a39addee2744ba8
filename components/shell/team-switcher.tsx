"use client"

import { usePathname } from "next/navigation"
import { useRef, useState } from "react"
import { Amount } from "@/components/ui/amount"
import { classNames } from "@/components/ui/class-names"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Skeleton } from "@/components/ui/skeleton"
import type { ActionResult } from "@/lib/web/action-result"

const MENU_ID = "team-menu"

type Team = { slug: string; name: string; role: string; balanceNanos: bigint }
export type ListTeams = (input: Record<string, never>) => Promise<ActionResult<Team[]>>

type TeamSwitcherProps = { team: { name: string; slug: string; chooseHref: string }; listTeams: ListTeams }

/**
 * A native popover, like the account menu. It asks for the teams when it opens, and without our JavaScript leads to
 * the page that lists them.
 */
export function TeamSwitcher({ team, listTeams }: TeamSwitcherProps) {
  const path = usePathname()
  const menu = useRef<HTMLDivElement>(null)
  const [teams, setTeams] = useState<Team[] | "not asked" | "loading" | "failed">("not asked")
  const close = () => menu.current?.hidePopover()

  async function load() {
    setTeams((known) => (Array.isArray(known) ? known : "loading"))
    const result = await listTeams({}).catch(() => null)
    // Teams that were shown before are better than none.
    setTeams((known) => (result?.ok ? result.value : Array.isArray(known) ? known : "failed"))
  }

  return (
    <div className="min-w-0">
      <button
        className="flex max-w-full items-center gap-1.5 rounded-control px-2 py-1.5 transition-colors duration-100 hover:bg-sunken"
        popoverTarget={MENU_ID}
        title={team.name}
        type="button"
      >
        <span className="truncate font-medium">{team.name}</span>
        <span className="sr-only">: choose another team</span>
        <Icon className="text-muted" name="chooser" />
      </button>
      <div
        aria-label="Teams"
        className="fixed top-16 left-4 max-h-[min(30rem,calc(100dvh-5rem))] w-[min(22rem,calc(100vw-2rem))] flex-col overflow-hidden rounded-control border border-border bg-surface p-0 text-text shadow-lg open:flex sm:left-[max(9.5rem,calc((100vw-76rem)/2+9.5rem))]"
        id={MENU_ID}
        // Remounted, and so closed, on another page.
        key={path}
        onToggle={(event) => {
          if (event.newState === "open") void load()
        }}
        popover="auto"
        ref={menu}
        role="dialog"
      >
        <div className="min-h-0 flex-1 overflow-y-auto p-2 empty:hidden">
          {teams === "loading" && <Loading />}
          {teams === "failed" && (
            <p className="px-3 py-2 text-muted" role="alert">
              Your teams couldn’t be loaded.
            </p>
          )}
          {Array.isArray(teams) && (
            <ul>
              {teams.map((each) => (
                <li key={each.slug}>
                  <TeamLink isCurrent={each.slug === team.slug} onClick={close} team={each} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <Link
          className="shrink-0 border-t border-border px-5 py-3 text-caption text-muted transition-colors duration-100 hover:bg-sunken hover:text-text"
          href={team.chooseHref}
          onClick={close}
        >
          All teams
        </Link>
      </div>
    </div>
  )
}

type TeamLinkProps = { team: Team; isCurrent: boolean; onClick: () => void }

function TeamLink({ team, isCurrent, onClick }: TeamLinkProps) {
  return (
    <Link
      aria-current={isCurrent ? "true" : undefined}
      className={classNames(
        "flex items-center gap-3 rounded-control px-3 py-2 transition-colors duration-100",
        isCurrent ? "bg-sunken" : "hover:bg-sunken",
      )}
      href={`/${team.slug}/settings/account/billing`}
      onClick={onClick}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium" title={team.name}>
          {team.name}
        </span>
        <span className="block text-caption text-muted">{team.role}</span>
      </span>
      <span className="shrink-0">
        <span className="sr-only">Balance </span>
        <Amount as="balance" nanos={team.balanceNanos} />
      </span>
    </Link>
  )
}

function Loading() {
  return (
    <div className="px-3 py-2">
      <span className="sr-only" role="status">
        Loading your teams
      </span>
      <div className="flex items-center justify-between gap-3">
        <span className="flex flex-col gap-1.5 py-0.5">
          <Skeleton className="h-4.5 w-32" />
          <Skeleton className="h-4 w-14" />
        </span>
        <Skeleton className="h-4.5 w-16" />
      </div>
    </div>
  )
}
