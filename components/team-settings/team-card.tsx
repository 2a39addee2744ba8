"use client"

import { MembersSeeField } from "@/components/team-settings/members-see-field"
import type { TeamSettingsActions, TeamSettingsEntry } from "@/components/team-settings/team-settings-types"
import { TeamZoneField } from "@/components/team-settings/team-zone-field"
import { Card, CardSection } from "@/components/ui/card"
import { OneFieldForm } from "@/components/ui/one-field-form"
import { problemOf } from "@/components/ui/problems"
import { changeSlugSchema, lowBalanceSchema, renameTeamSchema } from "@/lib/team-settings/schema"

type TeamCardProps = {
  settings: TeamSettingsEntry
  /** The host before the team's address: `app.example.com/`. */
  addressPrefix: string
  timeZones: readonly string[]
  actions: TeamSettingsActions
}

export function TeamCard({ settings, addressPrefix, timeZones, actions }: TeamCardProps) {
  const { name, slug, timeZone, lowBalance, membersSeeCosts } = settings
  return (
    <Card>
      <CardSection>
        <OneFieldForm
          autoComplete="organization"
          check={(text) => checked(renameTeamSchema.safeParse({ name: text }), text)}
          done="Name saved."
          id="team-name"
          key={name}
          label="Team name"
          name="name"
          save={(value) => actions.renameTeam({ name: value })}
          saveLabel="Save"
          unreachable="The name couldn’t be saved. Check your connection, then try again."
          value={name}
        />
      </CardSection>
      <CardSection divided>
        <OneFieldForm
          check={(text) => checked(changeSlugSchema.safeParse({ slug: text }), text)}
          done="Address changed."
          hint="Links to the old one go on working."
          id="team-slug"
          key={slug}
          label="Web address"
          name="slug"
          prefix={addressPrefix}
          save={(value) => actions.changeSlug({ slug: value.trim() })}
          saveLabel="Change"
          unreachable="No answer came, so the address may have changed. Check your connection, then look again."
          value={slug}
        />
      </CardSection>
      <CardSection divided>
        <TeamZoneField saveTimeZone={actions.saveTimeZone} timeZone={timeZone} timeZones={timeZones} />
      </CardSection>
      <CardSection divided>
        <OneFieldForm
          check={(text) => checked(lowBalanceSchema.safeParse({ threshold: text }), text)}
          done="Threshold saved."
          hint="At or below it, a balance is low and people are told. A pool with auto top-up has its own."
          id="low-balance"
          inputMode="decimal"
          key={lowBalance}
          label="Low-balance threshold"
          name="threshold"
          prefix="$"
          save={(value) => actions.saveLowBalance({ threshold: value })}
          saveLabel="Save"
          unreachable="The threshold couldn’t be saved. Check your connection, then try again."
          value={lowBalance}
        />
      </CardSection>
      <CardSection divided>
        <MembersSeeField saveMembersSeeCosts={actions.saveMembersSeeCosts} seesCosts={membersSeeCosts} />
      </CardSection>
    </Card>
  )
}

type Parsed = { success: true } | { success: false; error: Parameters<typeof problemOf>[0] }

function checked(parsed: Parsed, text: string) {
  if (parsed.success) return { ok: true as const, value: text }
  return { ok: false as const, message: problemOf(parsed.error) }
}
