import { PageHeader } from "@/components/shell/page-header"
import { BillingDetailsCard } from "@/components/team-settings/billing-details-card"
import { DeleteTeamCard } from "@/components/team-settings/delete-team-card"
import { TeamCard } from "@/components/team-settings/team-card"
import type { BillingDetailsEntry } from "@/components/team-settings/team-settings-types"
import { type BillingDetails, getBillingDetails } from "@/lib/customers/billing-details"
import { env } from "@/lib/env"
import { toDecimalString } from "@/lib/money/usd"
import { inFlightSentences } from "@/lib/team-settings/in-flight"
import { getRemains, getTeamSettings } from "@/lib/team-settings/queries"
import { can } from "@/lib/teams/permissions"
import { TIME_ZONES } from "@/lib/time-zone"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import {
  changeSlug,
  deleteTeam,
  renameTeam,
  saveBillingDetails,
  saveLowBalance,
  saveMembersSeeCosts,
  saveTeamTimeZone,
} from "./actions"
import { COUNTRY_CHOICES, TAX_ID_CHOICES } from "./billing-choices"

export const generateMetadata = teamTitle("General", "team:manage")

type Props = { params: Promise<{ team: string }> }

export default async function GeneralPage({ params }: Props) {
  const { team: slug } = await params
  const { team, member } = await requireMember(slug, "team:manage")
  const ctx = pageCtx()
  const mayDelete = can(member.role, "team:delete")
  const [settings, details, remains] = await Promise.all([
    getTeamSettings(ctx.db, team.id),
    getBillingDetails(ctx.db, team.id),
    mayDelete ? getRemains(ctx, team.id) : null,
  ])
  return (
    <>
      <PageHeader title="General" trail={["Settings", "Team"]} />
      <div className="flex flex-col gap-6">
        <TeamCard
          actions={{
            renameTeam: renameTeam.bind(null, slug),
            changeSlug: changeSlug.bind(null, slug),
            saveTimeZone: saveTeamTimeZone.bind(null, slug),
            saveLowBalance: saveLowBalance.bind(null, slug),
            saveMembersSeeCosts: saveMembersSeeCosts.bind(null, slug),
          }}
          addressPrefix={`${new URL(env().APP_URL).host}/`}
          settings={{
            name: settings.name,
            slug: settings.slug,
            timeZone: settings.timeZone,
            lowBalance: toDecimalString(settings.lowBalanceThresholdNanos),
            membersSeeCosts: settings.membersSeeCosts,
          }}
          timeZones={TIME_ZONES}
        />
        <BillingDetailsCard
          countries={COUNTRY_CHOICES}
          details={toEntry(details)}
          saveBillingDetails={saveBillingDetails.bind(null, slug)}
          taxIdTypes={TAX_ID_CHOICES}
        />
        {remains && (
          <DeleteTeamCard
            creditsNanos={remains.creditsNanos}
            deleteTeam={deleteTeam.bind(null, slug)}
            inFlight={inFlightSentences(remains)}
            members={remains.members}
            name={settings.name}
          />
        )}
      </div>
    </>
  )
}

/** The form shows what wasn't given as empty. */
function toEntry(details: BillingDetails): BillingDetailsEntry {
  const entries = Object.entries(details).map(([name, value]) => [name, value ?? ""])
  return Object.fromEntries(entries) as BillingDetailsEntry
}
