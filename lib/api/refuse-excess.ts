import { InvalidInputError } from "@/lib/errors"

// Beyond what any endpoint takes. Anything within these limits is cheap to check field by field.
const MAX_FIELDS = 100
const MAX_ITEMS = 2_000
const MAX_DEPTH = 8
const MAX_VALUES = 50_000

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Refuses a JSON text with too much of anything before it is parsed. A megabyte can hold a hundred thousand unknown
 * fields, which take long to parse, longer to complain about, and make an answer longer than the text. Only counts;
 * the parser decides whether it is JSON.
 */
export function refuseExcess(text: string): void {
  /** How many more values each open list and object may have. */
  const left: number[] = []
  let values = 0
  let isInText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) isInText = !isInText
    else if (isInText) at += code === BACKSLASH ? 1 : 0
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (left.push(code === OPEN_LIST ? MAX_ITEMS : MAX_FIELDS) > MAX_DEPTH)
        throw new InvalidInputError(`Nest objects and lists at most ${MAX_DEPTH} deep.`)
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) left.pop()
    else if (code === COMMA) {
      const more = (left.pop() ?? 1) - 1
      left.push(more)
      // After as many commas as there may be values, one value too many follows.
      if (more === 0)
        throw new InvalidInputError(
          `An object may have at most ${MAX_FIELDS} fields, a list at most ${inWords(MAX_ITEMS)} items.`,
        )
      if (++values > MAX_VALUES)
        throw new InvalidInputError(`A body may have at most ${inWords(MAX_VALUES)} values.`)
    }
  }
}

const inWords = (count: number) => count.toLocaleString("en-US")
