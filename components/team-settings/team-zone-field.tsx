"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import type { SaveTimeZone } from "@/components/team-settings/team-settings-types"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"

type TeamZoneFieldProps = {
  timeZone: string | null
  timeZones: readonly string[]
  saveTimeZone: SaveTimeZone
}

const UNREACHABLE = "The time zone couldn’t be saved. Check your connection, then try again."

/** Saved at once. */
export function TeamZoneField({ timeZone, timeZones, saveTimeZone }: TeamZoneFieldProps) {
  const router = useRouter()
  const [chosen, setChosen] = useState(timeZone ?? "UTC")
  const { refusal, call } = useAction(saveTimeZone, { unreachable: UNREACHABLE })

  async function choose(zone: string) {
    const former = chosen
    setChosen(zone)
    const result = await call({ timeZone: zone === "UTC" ? null : zone })
    if (!result?.ok) return setChosen(former)
    showToast({ tone: "done", title: "Time zone saved." })
    router.refresh()
  }

  return (
    <Field
      error={refusal?.message ?? null}
      hint="For the hours in the team’s emails. Billing periods and caps are counted in UTC."
      id="team-time-zone"
      label="Time zone"
    >
      {(control) => (
        <Select {...control} name="timeZone" onChange={(event) => choose(event.target.value)} value={chosen}>
          {timeZones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
