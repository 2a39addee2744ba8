import type { Luck } from "./luck"

const TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\u0001\u001f\u007f",
  "\r\nset-cookie: a=b",
  "\ud800",
  "\u202e\u200b\ufeff",
  "😀".repeat(20),
  "ß".normalize("NFD"),
  "%00",
  "%ff",
  "%",
  "%2e%2e%2f",
  "../../etc/passwd",
  "//evil.example",
  "/\\evil.example",
  "javascript:alert(1)",
  "' OR 1=1 --",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "NaN",
  "Infinity",
  "-1",
  "0",
  "1e309",
  "9".repeat(400),
  "x".repeat(5_000),
  "00000000-0000-0000-0000-000000000000",
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00+14:00",
  "9999-12-31T23:59:59-23:59",
  "+275760-09-13T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2026-11-20T13:40:00Z",
  "a@b.c",
  "\u0000@b.c",
  "9223372036854775807",
  "9223372036854775808",
] as const

const PREFIXES = ["team", "member", "pool", "pur", "key", "hold", "run", "whe", "msg", "ntf", ""] as const
const CLOSED = [null, true, false, 0, -0, -1, 1, 0.1, 1e308, 2 ** 53, Number.MAX_SAFE_INTEGER] as const

/** Words of React's own encoding of an action's arguments, which begin with a dollar. */
const REPLY_WORDS = [
  "$undefined",
  "$NaN",
  "$-0",
  "$Infinity",
  "$n9",
  "$n99999999999999999999999",
  "$D2026-11-20T13:40:00Z",
  "$Dnever",
  "$K1",
  "$F1",
  "$h1",
  "$Q1",
  "$W1",
  "$i1",
  "$1",
  "$0",
  "$1:a:b",
  "$@1",
  "$B1",
  "$T",
  "$A1",
  "$R1",
  "$r1",
  "$x",
  "$$",
  "$",
] as const

export function strangeText(luck: Luck): string {
  if (luck.chance(0.25)) return `${luck.pick(PREFIXES)}_${idTail(luck)}`
  const text = luck.pick(TEXTS)
  return luck.chance(0.2) ? `${text}${luck.pick(TEXTS)}` : text
}

/** The part after a public id's prefix, mostly valid. */
function idTail(luck: Luck): string {
  const alphabet = luck.chance(0.8) ? "0123456789abcdefghjkmnpqrstvwxyz" : "iluo!%\u0000ABCDEF"
  return `0${Array.from({ length: luck.chance(0.8) ? 25 : 40 }, () => luck.pick([...alphabet])).join("")}`
}

/** Any JSON value, and some that only React's encoding has. */
export function strangeValue(luck: Luck, depth = 0): unknown {
  const roll = luck.roll()
  if (roll < 0.45) return strangeText(luck)
  if (roll < 0.65) return luck.pick(CLOSED)
  if (roll < 0.72) return luck.pick(REPLY_WORDS)
  if (depth > 3) return null
  if (roll < 0.85) return luck.times(0, 4, () => strangeValue(luck, depth + 1))
  if (roll < 0.87) return deep(luck)
  return Object.fromEntries(luck.times(0, 4, () => [strangeText(luck), strangeValue(luck, depth + 1)]))
}

function deep(luck: Luck): unknown {
  let value: unknown = null
  for (let level = 0; level < 400; level++) value = luck.chance(0.5) ? [value] : { a: value }
  return value
}

/** A part of an address, mostly encoded as it should be. */
export function strangePart(luck: Luck): string {
  const text = strangeText(luck)
  return luck.chance(0.75) ? encode(text) : toRawPath(text)
}

export function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Keeps what Node sends unchanged in an address. */
export function toRawPath(text: string): string {
  return text.replace(/[^\u0021-\u00ff]/g, (each) => encode(each))
}

/** Keeps what Node sends unchanged in a header. */
export function toHeader(text: string): string {
  return text.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, "")
}
