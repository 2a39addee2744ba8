"use client"

import { useRouter } from "next/navigation"
import { type FormEvent, type ReactNode, useTransition } from "react"
import { Button } from "./button"
import { LinkButton } from "./link-button"

type FilterFormProps = {
  /** Names it for screen readers, where a page has several. */
  label?: string
  path: string
  /** The fields as the address has them. The form is made anew when they change, so that it follows the address. */
  fields: Record<string, string>
  /** The address without a filter. Null while nothing is chosen. */
  clearHref: string | null
  submitLabel?: string
  className?: string
  actionsClassName?: string
  children: ReactNode
}

/** The filter is the page's address, so a view can be kept and sent. Without our JavaScript it is a plain form. */
export function FilterForm(props: FilterFormProps) {
  const {
    label,
    path,
    fields,
    clearHref,
    submitLabel = "Apply",
    className,
    actionsClassName,
    children,
  } = props
  const router = useRouter()
  const [isPending, startTransition] = useTransition()

  function apply(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const entered = [...new FormData(event.currentTarget)].filter(
      (field): field is [string, string] => typeof field[1] === "string" && field[1] !== "",
    )
    const query = String(new URLSearchParams(entered))
    startTransition(() => router.push(query ? `${path}?${query}` : path, { scroll: false }))
  }

  return (
    <search aria-label={label}>
      <form action={path} className={className} key={JSON.stringify(fields)} onSubmit={apply}>
        {children}
        <div className={actionsClassName ?? "flex gap-2"}>
          <Button disabled={isPending} type="submit" variant="secondary">
            {submitLabel}
          </Button>
          {clearHref && (
            <LinkButton href={clearHref} variant="ghost">
              Clear
            </LinkButton>
          )}
        </div>
      </form>
    </search>
  )
}
