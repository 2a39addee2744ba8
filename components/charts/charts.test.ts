import { createElement } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { DAY_MS } from "@/lib/clock"
import { BalanceLine } from "./balance-line"
import { StackedBars } from "./stacked-bars"

const daysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(first) + n * DAY_MS).toISOString().slice(0, 10))
const bars = (props: Parameters<typeof StackedBars>[0]) =>
  renderToStaticMarkup(createElement(StackedBars, props))
const line = (props: Parameters<typeof BalanceLine>[0]) =>
  renderToStaticMarkup(createElement(BalanceLine, props))
const readings = (html: string) => [...html.matchAll(/data-reading="([^"]*)"/g)].map(([, text]) => text)
const count = (html: string, part: string) => html.split(part).length - 1

test("bars read as their days do: what each series has, zeros left out, and the total", () => {
  const html = bars({
    title: "Spending",
    days: daysFrom("2026-11-29", 3),
    series: [
      { name: "LLM tokens", amounts: [usd(1), 0n, usd(-0.5)] },
      { name: "=Voice<b>", amounts: [usd(0.25), 0n, usd(2)] },
    ],
    marks: [{ day: "2026-11-30", kind: "top_up", words: "Top-up of $50.00" }],
  })
  expect(readings(html)).toEqual([
    "29 Nov: $1.25 · LLM tokens $1.00 · =Voice&lt;b&gt; $0.25",
    "30 Nov: $0.00 · Top-up of $50.00",
    "1 Dec: $1.50 · LLM tokens −$0.50 · =Voice&lt;b&gt; $2.00",
  ])
  expect(html).toContain("Days in UTC")
  // The second series has a pattern, so that it differs without colour.
  expect(html).toMatch(/<rect fill="url\(#[^)]+-1\)"/)
})

test("each part of a bar is a link with the table's as its twin for the keyboard", () => {
  const html = bars({
    title: "Spending",
    days: daysFrom("2026-11-30", 2),
    series: [{ name: "LLM tokens", amounts: [usd(1), usd(2)], hrefs: ["/a", null] }],
    dayHrefs: ["/day-1", "/day-2"],
  })
  expect(html).toContain('<a href="/a" tabindex="-1">')
  expect(html).toContain('<a href="/day-2" tabindex="-1">')
  expect(html).toMatch(/<a [^>]*href="\/day-1"[^>]*>Records/)
})

test("more series than there are looks are added up as Other, and nothing is lost", () => {
  const series = Array.from({ length: 11 }, (_, n) => ({ name: `Meter ${n}`, amounts: [usd(1)] }))
  const [reading] = readings(bars({ title: "Spending", days: ["2026-11-30"], series }))
  expect(reading).toMatch(/^30 Nov: \$11\.00 .* Meter 6 \$1\.00 · Other \$4\.00$/)
})

test("days without any amount say so, and a day of less than a pixel is still drawn", () => {
  const nothing = {
    title: "Spending",
    days: daysFrom("2026-11-01", 30),
    series: [{ name: "All", amounts: [] }],
  }
  expect(bars(nothing)).toContain("Nothing on these days")
  const little = bars({ ...nothing, series: [{ name: "All", amounts: [1n, usd(9_999_999.99)] }] })
  expect(little).not.toContain("Nothing on")
  expect(count(little, 'height="1" ')).toBe(1)
})

test("a balance reads what is available, what of it is included, what happened, and what is projected", () => {
  const html = line({
    title: "Balance",
    days: [
      { day: "2026-12-30", creditsNanos: usd(-12), includedNanos: 0n },
      { day: "2026-12-31", creditsNanos: usd(9_999_999.99), includedNanos: usd(20) },
    ],
    marks: [{ day: "2026-12-31", kind: "purchase", words: "Purchase of $25.00" }],
    projection: [{ day: "2027-01-01", creditsNanos: usd(5), includedNanos: 0n }],
  })
  expect(readings(html)).toEqual([
    "30 Dec 2026: −$12.00",
    "31 Dec 2026: $10,000,019.99 · $20.00 of it included · Purchase of $25.00",
    "1 Jan: $5.00 · Projected",
  ])
  expect(html).toContain('stroke-dasharray="4 4"')
})

test("a balance of one day is a point, and one of no day draws nothing", () => {
  const day = { day: "2026-11-30", creditsNanos: usd(5), includedNanos: 0n }
  expect(line({ title: "Balance", days: [day], marks: [] })).toContain("<circle")
  expect(line({ title: "Balance", days: [], marks: [] })).not.toContain("NaN")
})
