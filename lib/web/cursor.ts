/** PostgreSQL's largest BIGINT. */
const MAX_SEQ = 9_223_372_036_854_775_807n

type Query = { before?: string | string[]; after?: string | string[] }

/** Reads where a page of a numbered list begins from the address. Null if the address makes no sense. */
export function parseCursor({ before, after }: Query): { before?: bigint; after?: bigint } | null {
  if (before === undefined && after === undefined) return {}
  if (before !== undefined && after !== undefined) return null
  const text = before ?? after
  if (typeof text !== "string" || !/^[0-9]{1,19}$/.test(text) || BigInt(text) > MAX_SEQ) return null
  return before === undefined ? { after: BigInt(text) } : { before: BigInt(text) }
}

/** Reads a place in a numbered list from the address. Undefined if there is none, null if it makes no sense. */
export function parsePlace(text: string | string[] | undefined): bigint | null | undefined {
  if (text === undefined) return undefined
  if (typeof text !== "string" || !/^[0-9]{1,19}$/.test(text) || BigInt(text) > MAX_SEQ) return null
  return BigInt(text)
}
