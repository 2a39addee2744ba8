import type { ReactNode } from "react"

type RadioProps = {
  id: string
  /** The same for all of a group. */
  name: string
  label: ReactNode
  detail?: ReactNode
  checked: boolean
  onChoose: () => void
}

/** One of several in a `RadioGroup`. The whole row can be pressed. */
export function Radio({ id, name, label, detail, checked, onChoose }: RadioProps) {
  const detailId = `${id}-detail`
  return (
    <div className="relative flex items-start gap-3 px-4 py-3 transition-colors duration-100 hover:bg-sunken">
      <span className="relative z-10 grid size-5 shrink-0 translate-y-0.5 place-items-center">
        <input
          aria-describedby={detail ? detailId : undefined}
          checked={checked}
          className="peer col-start-1 row-start-1 size-5 appearance-none rounded-full border border-border-strong bg-surface checked:border-accent checked:bg-accent"
          id={id}
          name={name}
          onChange={onChoose}
          type="radio"
        />
        <span className="pointer-events-none col-start-1 row-start-1 size-2 rounded-full bg-on-accent opacity-0 peer-checked:opacity-100" />
      </span>
      <span className="min-w-0">
        {/* Extends over the row, so that a finger needn't hit the circle. */}
        <label className="block font-medium wrap-anywhere after:absolute after:inset-0" htmlFor={id}>
          {label}
        </label>
        {detail && (
          <span className="block text-caption text-muted" id={detailId}>
            {detail}
          </span>
        )}
      </span>
    </div>
  )
}

export function RadioGroup({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-caption font-medium">{legend}</legend>
      <div className="divide-y divide-border overflow-hidden rounded-control border border-border">
        {children}
      </div>
    </fieldset>
  )
}
