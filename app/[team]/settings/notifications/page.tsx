import { PreferencesCard } from "@/components/notifications/preferences-card"
import { PageHeader } from "@/components/shell/page-header"
import { listPreferences } from "@/lib/notifications/queries"
import { NOTIFICATIONS } from "@/lib/notifications/types"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { savePreference } from "./actions"

export const generateMetadata = teamTitle("Notifications", "notifications:view")

type Props = { params: Promise<{ team: string }> }

export default async function NotificationsPage({ params }: Props) {
  const { team: slug } = await params
  const { team, member, user } = await requireMember(slug, "notifications:view")
  const preferences = await listPreferences(pageCtx().db, team.id, member)
  return (
    <>
      <PageHeader
        description={`Choose your alerts. Email goes to ${user.email}.`}
        title="Notifications"
        trail={["Settings", "Account"]}
      />
      <PreferencesCard
        preferences={preferences.map(({ type, channels }) => {
          const { name, detail, canBeSilenced } = NOTIFICATIONS[type]
          return { type, name, detail, canBeSilenced, channels }
        })}
        savePreference={savePreference.bind(null, slug)}
      />
    </>
  )
}
