import type { ReactNode } from "react"

/** A few short facts side by side, two to a row on a phone. */
export function Facts({ facts }: { facts: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="mb-8 grid grid-cols-2 gap-x-6 gap-y-4 rounded-card border border-border bg-surface px-5 py-4 sm:flex sm:flex-wrap sm:gap-x-12 sm:px-6">
      {facts.map(({ label, value }) => (
        <div className="min-w-0 max-sm:first:col-span-2" key={label}>
          <dt className="text-caption text-muted">{label}</dt>
          <dd className="font-medium wrap-break-word">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
