/** One thing that was found. Its page shows it. */
export type PaletteRow = {
  id: string
  label: string
  /** Tells it from others of the same name. Empty if nothing does. */
  detail: string
  href: string
}

export type PaletteResults = Record<"members" | "keys" | "transactions" | "teams", PaletteRow[]>

export type PaletteGroup = { label: string; items: PaletteRow[] }
