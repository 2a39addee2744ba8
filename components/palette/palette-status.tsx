import { Autocomplete } from "@base-ui/react/autocomplete"

type PaletteStatusProps = {
  text: string
  count: number
  isAsking: boolean
  hasFailed: boolean
  /** Everything that this person can find. */
  kinds: string
}

/** Says what can be found, then how much was, also to screen readers. They don't hear that a search goes on. */
export function PaletteStatus({ text, count, isAsking, hasFailed, kinds }: PaletteStatusProps) {
  return (
    <div className="min-h-13 shrink-0 py-2 text-caption text-muted sm:min-h-9">
      <Autocomplete.Status>{!isAsking && sentence({ text, count, hasFailed, kinds })}</Autocomplete.Status>
      {isAsking && <p aria-hidden="true">Searching…</p>}
    </div>
  )
}

function sentence({ text, count, hasFailed, kinds }: Omit<PaletteStatusProps, "isAsking">): string {
  if (hasFailed) return "Only pages could be searched. Check your connection, then try again."
  if (text === "") return `Find ${kinds}.`
  if (count === 0) return `Nothing found. You can find ${kinds}.`
  return count === 1 ? "1 result" : `${count} results`
}
