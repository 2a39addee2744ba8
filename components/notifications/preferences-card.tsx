"use client"

import { useState } from "react"
import { Card } from "@/components/ui/card"
import { CheckboxBox } from "@/components/ui/checkbox"
import { Icon } from "@/components/ui/icon"
import { showToast } from "@/components/ui/show-toast"
import { CHANNELS, type Channel, type NotificationType } from "@/lib/notifications/types"
import type { ActionResult } from "@/lib/web/action-result"

type Preference = {
  type: NotificationType
  name: string
  detail: string
  canBeSilenced: boolean
  channels: Record<Channel, boolean>
}

type PreferencesCardProps = {
  preferences: Preference[]
  savePreference: (input: {
    type: NotificationType
    channel: Channel
    enabled: boolean
  }) => Promise<ActionResult<unknown>>
}

const CHANNEL_NAMES: Record<Channel, string> = { in_app: "In the app", email: "By email" }
const UNSAVED = "This couldn’t be saved. Check your connection, then try again."

/** Each switch is saved as soon as it is turned. */
export function PreferencesCard({ preferences, savePreference }: PreferencesCardProps) {
  const [chosen, setChosen] = useState(preferences)
  const [problem, setProblem] = useState<string | null>(null)

  function set(type: NotificationType, channel: Channel, enabled: boolean) {
    setChosen((all) =>
      all.map((each) =>
        each.type === type ? { ...each, channels: { ...each.channels, [channel]: enabled } } : each,
      ),
    )
  }

  async function choose({ type, name }: Preference, channel: Channel, enabled: boolean) {
    setProblem(null)
    set(type, channel, enabled)
    const result = await savePreference({ type, channel, enabled }).catch(() => null)
    if (result?.ok) {
      showToast({
        title: `${name}, ${CHANNEL_NAMES[channel].toLowerCase()}: ${enabled ? "on" : "off"}.`,
        tone: "done",
      })
      return
    }
    set(type, channel, !enabled)
    setProblem(result?.message ?? UNSAVED)
  }

  return (
    <Card>
      {problem && (
        <p
          className="flex items-start gap-2 border-b border-border px-5 py-3 text-caption text-danger sm:px-6"
          role="alert"
        >
          <Icon className="mt-0.5" name="alert" />
          {problem}
        </p>
      )}
      <ul className="divide-y divide-border">
        {chosen.map((preference) => (
          <li
            className="flex flex-col gap-x-8 gap-y-3 px-5 py-4 sm:flex-row sm:items-center sm:justify-between sm:px-6"
            key={preference.type}
          >
            <div className="min-w-0">
              <h2 className="font-medium">{preference.name}</h2>
              <p className="text-caption text-muted">{preference.detail}</p>
            </div>
            <fieldset className="flex shrink-0 gap-5">
              <legend className="sr-only">{preference.name}</legend>
              {CHANNELS.map((channel) => (
                <ChannelSwitch
                  channel={channel}
                  key={channel}
                  onChange={(enabled) => void choose(preference, channel, enabled)}
                  preference={preference}
                />
              ))}
            </fieldset>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function ChannelSwitch({
  preference,
  channel,
  onChange,
}: {
  preference: Preference
  channel: Channel
  onChange: (enabled: boolean) => void
}) {
  const isOn = preference.channels[channel]
  if (!preference.canBeSilenced)
    return (
      <p className="flex min-h-10 w-28 items-center gap-2 text-caption text-muted">
        <Icon name="check" />
        {CHANNEL_NAMES[channel]}
        <span className="sr-only">, always</span>
      </p>
    )
  return (
    <span className="flex min-h-10 w-28 items-center gap-2 text-caption">
      <CheckboxBox
        checked={isOn}
        id={`${preference.type}-${channel}`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label className="py-2" htmlFor={`${preference.type}-${channel}`}>
        {CHANNEL_NAMES[channel]}
      </label>
    </span>
  )
}
