import type { ReactNode } from "react"
import { PaletteButton } from "@/components/palette/palette-button"
import { AppShell } from "@/components/shell/app-shell"
import { LiveUpdates } from "@/components/shell/live-updates"
import { SubmitButton } from "@/components/ui/submit-button"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { getViewer } from "@/lib/web/require-member"
import { settingsNav } from "@/lib/web/settings-pages"
import { signOut } from "../(auth)/sign-in/actions"
import { listOwnTeams } from "../teams/actions"
import { Bell } from "./bell"

type Props = { params: Promise<{ team: string }>; children: ReactNode }

/** Only navigation. Each page decides for itself who may see it. */
export default async function TeamLayout({ params, children }: Props) {
  const { team: slug } = await params
  const viewer = await getViewer(slug)
  if (!viewer) return children
  const billing = `/${slug}/settings/account/billing`
  return (
    <AppShell
      bell={<Bell viewer={viewer} />}
      find={<PaletteButton role={viewer.member.role} team={{ slug }} />}
      listTeams={listOwnTeams}
      nav={settingsNav(slug, viewer.member.role)}
      signOut={
        <form action={signOut}>
          <SubmitButton className="w-full" variant="secondary">
            Sign out
          </SubmitButton>
        </form>
      }
      team={{ name: viewer.team.name, slug, href: billing, chooseHref: "/teams" }}
      user={{ name: viewer.user.name, role: ROLE_NAMES[viewer.member.role] }}
    >
      <LiveUpdates url={`/api/teams/${slug}/live`} />
      {children}
    </AppShell>
  )
}
