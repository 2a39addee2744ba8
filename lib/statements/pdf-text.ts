import { join } from "node:path"

/** Noto Sans in parts, the commonest first. Between them: Latin, Greek, Cyrillic, Vietnamese and Devanagari. */
const PARTS = [
  "latin",
  "latin-ext",
  "greek",
  "cyrillic",
  "vietnamese",
  "greek-ext",
  "cyrillic-ext",
  "devanagari",
] as const

export type Weight = 400 | 600

// Read from disk by the path, because a bundler wouldn't bring fonts along.
const FOLDER = "node_modules/@fontsource/noto-sans/files"

export const fontsOf = (weight: Weight) =>
  PARTS.map((part) => join(process.cwd(), FOLDER, `noto-sans-${part}-${weight}-normal.woff`))

/** A piece of a line in one font. */
export type Run = { font: string; text: string }

/** Whether a font has a letter. */
export type HasLetter = (font: string, letter: string) => boolean

/** Stands for a letter that no font has. */
const UNKNOWN = "?"
/** Follows a text with such letters, and leads to the note about it. */
export const UNKNOWN_MARK = "*"

/**
 * Splits a text into runs of the fonts that have its letters. A letter stays in the font before it where that has it, so
 * that marks and joiners stay with their letters. Letters of other scripts become a question mark, never an empty box, and
 * the text ends with an asterisk then.
 */
export function runsOf(text: string, weight: Weight, has: HasLetter): { runs: Run[]; isWhole: boolean } {
  const fonts = fontsOf(weight)
  const [first = ""] = fonts
  const runs: Run[] = []
  let isWhole = true
  const add = (font: string, letter: string) => {
    const last = runs.at(-1)
    if (last?.font === font) last.text += letter
    else runs.push({ font, text: letter })
  }
  for (const cluster of clustersOf(text)) {
    const last = runs.at(-1)?.font
    const font = [...(last ? [last] : []), ...fonts].find((each) =>
      [...cluster].every((letter) => has(each, letter)),
    )
    if (font === undefined) isWhole = false
    add(font ?? first, font === undefined ? UNKNOWN : cluster)
  }
  if (!isWhole) add(first, UNKNOWN_MARK)
  return { runs, isWhole }
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })

/** Composed where it can be, without what can't be printed at all. */
function clustersOf(text: string): string[] {
  const plain = text.normalize("NFC").replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
  return Array.from(segmenter.segment(plain), ({ segment }) => segment)
}

/** Joins neighbours of one font, so that each is drawn at once. */
export function joined(line: Run[]): Run[] {
  const runs: Run[] = []
  for (const { font, text } of line) {
    const last = runs.at(-1)
    if (last?.font === font) last.text += text
    else runs.push({ font, text })
  }
  return runs
}

/** Takes the spaces off where a line begins. */
export function trimStart([first, ...rest]: Run[]): Run[] {
  return first ? [{ ...first, text: first.text.replace(/^ +/, "") }, ...rest] : []
}
