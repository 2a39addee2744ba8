"use client"

import { useRouter } from "next/navigation"
import { useRef, useState } from "react"
import { CountryField, TaxIdFields } from "@/components/team-settings/billing-choices"
import type { BillingDetailsEntry, SaveBillingDetails } from "@/components/team-settings/team-settings-types"
import { Button } from "@/components/ui/button"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { Field, TextInput } from "@/components/ui/field"
import { Notice } from "@/components/ui/notice"
import { problemsOf } from "@/components/ui/problems"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"
import { billingDetailsSchema } from "@/lib/team-settings/schema"

type BillingDetailsCardProps = {
  details: BillingDetailsEntry
  countries: { code: string; name: string }[]
  taxIdTypes: { type: string; name: string }[]
  saveBillingDetails: SaveBillingDetails
}

type FieldName = keyof BillingDetailsEntry
type Errors = Partial<Record<FieldName | "other", string>>

const UNREACHABLE = "No answer came, so the details may be saved. Check your connection, then look again."

const TEXTS: { name: FieldName; label: string; autoComplete: string; hint?: string; wide?: boolean }[] = [
  {
    name: "email",
    label: "Billing email",
    autoComplete: "email",
    hint: "Receipts and notices about payments go there.",
    wide: true,
  },
  { name: "company", label: "Company", autoComplete: "organization", wide: true },
  { name: "line1", label: "Street and number", autoComplete: "address-line1", wide: true },
  { name: "line2", label: "Second line", autoComplete: "address-line2", wide: true },
  { name: "postalCode", label: "Postal code", autoComplete: "postal-code" },
  { name: "city", label: "City", autoComplete: "address-level2" },
  { name: "state", label: "State or region", autoComplete: "address-level1" },
]

/** One form, because Stripe takes it as a whole. */
export function BillingDetailsCard(props: BillingDetailsCardProps) {
  const { details: saved, countries, taxIdTypes, saveBillingDetails } = props
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [details, setDetails] = useState(saved)
  const [errors, setErrors] = useState<Errors>({})
  const { pending, call } = useAction(saveBillingDetails, { unreachable: UNREACHABLE })

  function change(name: FieldName, value: string) {
    setDetails((known) => ({ ...known, [name]: value }))
    setErrors(({ [name]: _, ...rest }) => rest)
  }

  function fail(found: Errors) {
    setErrors(found)
    const [first] = Object.keys(found)
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
  }

  async function submit() {
    const parsed = billingDetailsSchema.safeParse(details)
    if (!parsed.success) return fail(problemsOf(parsed.error, Object.keys(details) as FieldName[]))
    setErrors({})
    const result = await call(details)
    if (!result) return
    if (!result.ok)
      return fail({ [result.field && result.field in details ? result.field : "other"]: result.message })
    showToast({ tone: "done", title: "Billing details saved." })
    router.refresh()
  }

  return (
    <Card labelledBy="billing-details-title">
      <CardHeader>
        <CardTitle id="billing-details-title">Billing details</CardTitle>
      </CardHeader>
      <CardSection>
        <form
          className="flex flex-col gap-4"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
          ref={form}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            {TEXTS.map(({ name, label, autoComplete, hint, wide }) => (
              <div className={wide ? "sm:col-span-2" : undefined} key={name}>
                <Field
                  error={errors[name] ?? null}
                  id={`billing-${name}`}
                  label={label}
                  {...(hint ? { hint } : {})}
                >
                  {(control) => (
                    <TextInput
                      {...control}
                      autoComplete={autoComplete}
                      className="w-full"
                      inputMode={name === "email" ? "email" : undefined}
                      name={name}
                      onChange={(event) => change(name, event.target.value)}
                      type="text"
                      value={details[name]}
                    />
                  )}
                </Field>
              </div>
            ))}
            <CountryField
              countries={countries}
              error={errors.country}
              onChange={(value) => change("country", value)}
              value={details.country}
            />
            <TaxIdFields
              errors={errors}
              onChange={change}
              taxIdTypes={taxIdTypes}
              type={details.taxIdType}
              value={details.taxIdValue}
            />
          </div>
          {errors.other && (
            <Notice announce tone="danger">
              {errors.other}
            </Notice>
          )}
          <div className="flex justify-end max-sm:flex-col">
            <Button pending={pending} type="submit">
              Save billing details
            </Button>
          </div>
        </form>
      </CardSection>
    </Card>
  )
}
