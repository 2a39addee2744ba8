"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import type { SaveDisplay } from "@/components/account/account-types"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Field } from "@/components/ui/field"
import { Notice } from "@/components/ui/notice"
import { Select } from "@/components/ui/select"
import { useAction } from "@/components/ui/use-action"
import type { Display } from "@/lib/auth/schema"
import { DATE_LANGUAGES } from "@/lib/date-languages"

type DisplayCardProps = {
  display: Display
  timeZones: readonly string[]
  /** The zone that the browser named, if any. */
  browserZone: string | null
  saveDisplay: SaveDisplay
}

const THEME_WORDS: Record<Display["theme"], string> = {
  system: "As on this device",
  light: "Light",
  dark: "Dark",
}
const UNREACHABLE = "That couldn’t be saved. Check your connection, then try again."

/** Each choice is saved at once and shown on every page. */
export function DisplayCard({ display: saved, timeZones, browserZone, saveDisplay }: DisplayCardProps) {
  const router = useRouter()
  const [display, setDisplay] = useState(saved)
  const [wanted, kept] = [useRef(saved), useRef(saved)]
  const isSaving = useRef(false)
  const { refusal, call } = useAction(saveDisplay, { unreachable: UNREACHABLE })

  async function choose(change: Partial<Display>) {
    wanted.current = { ...wanted.current, ...change }
    setDisplay(wanted.current)
    // A choice that comes while another is being saved is saved after it.
    if (isSaving.current) return
    isSaving.current = true
    while (wanted.current !== kept.current) {
      const sent = wanted.current
      const result = await call(sent)
      if (result?.ok) kept.current = sent
      else wanted.current = kept.current
    }
    isSaving.current = false
    setDisplay(kept.current)
    router.refresh()
  }

  return (
    <Card labelledBy="display-title">
      <CardHeader>
        <CardTitle id="display-title">Display</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-3">
          <Field id="theme" label="Theme">
            {(control) => (
              <Select
                {...control}
                name="theme"
                onChange={(event) => choose({ theme: event.target.value as Display["theme"] })}
                value={display.theme}
              >
                {Object.entries(THEME_WORDS).map(([theme, words]) => (
                  <option key={theme} value={theme}>
                    {words}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field id="date-language" label="Language of dates">
            {(control) => (
              <Select
                {...control}
                name="dateLanguage"
                onChange={(event) => choose({ dateLanguage: event.target.value as Display["dateLanguage"] })}
                value={display.dateLanguage}
              >
                {Object.entries(DATE_LANGUAGES).map(([language, name]) => (
                  <option key={language} lang={language} value={language}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field id="time-zone" label="Time zone">
            {(control) => (
              <Select
                {...control}
                name="timeZone"
                onChange={(event) => choose({ timeZone: event.target.value || null })}
                value={display.timeZone ?? ""}
              >
                <option value="">
                  {browserZone ? `As in this browser (${inWords(browserZone)})` : "As in this browser"}
                </option>
                {timeZones.map((zone) => (
                  <option key={zone} value={zone}>
                    {inWords(zone)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {refusal && (
          <Notice announce tone="danger">
            {refusal.message}
          </Notice>
        )}
        <p className="text-caption text-muted">
          Billing periods and monthly caps are counted in UTC, whatever zone you choose.
        </p>
      </CardSection>
    </Card>
  )
}

const inWords = (zone: string) => zone.replaceAll("_", " ")
