import { expect, test } from "vitest"
import { usd } from "@/dev/testing/ledger"
import { outlookInWords } from "./outlook-words"

const now = new Date("2026-11-30T12:00:00Z")
const at = (day: string) => new Date(`${day}T12:00:00Z`)
const outlook = {
  dailySpendNanos: usd(4.2),
  lastsUntil: at("2026-12-12"),
  runsOutAt: null,
  nextTopUp: null,
  capMet: null,
}
const given = { outlook, isEmpty: false, isTopUpStopped: false, renewal: null, now }
const nextTopUp = { at: at("2026-12-04"), amountNanos: usd(50) }
const PACE = "The pace is $4.20 a day, from the last 7 days (UTC)."

test.each([
  ["auto top-up off", given, ["At this pace it lasts until 12 December.", PACE]],
  [
    "a top-up to come",
    { ...given, outlook: { ...outlook, nextTopUp } },
    ["At this pace it lasts until 12 December; the next top-up of $50.00 comes about 4 December.", PACE],
  ],
  [
    "a cap that is met, and the end after it",
    {
      ...given,
      outlook: {
        ...outlook,
        nextTopUp: { ...nextTopUp, at: now },
        capMet: { at: at("2026-12-20"), capNanos: usd(200) },
        runsOutAt: at("2027-01-02"),
      },
    },
    [
      "At this pace it lasts until 12 December; the next top-up of $50.00 comes today.",
      "The monthly cap of $200.00 is met about 20 December, and credits run out about 2 January 2027.",
      PACE,
    ],
  ],
  [
    "more than a year, with a renewal",
    {
      ...given,
      outlook: { ...outlook, lastsUntil: null },
      renewal: { at: at("2026-12-30"), includedNanos: usd(220) },
    },
    [
      "At this pace it lasts more than a year.",
      "The plan renews on 30 December with $220.00 included.",
      PACE,
    ],
  ],
  [
    "a stopped auto top-up",
    { ...given, isTopUpStopped: true },
    [
      "At this pace it lasts until 12 December.",
      "Auto top-up is stopped and adds nothing until you act.",
      PACE,
    ],
  ],
  ["a debt", { ...given, isEmpty: true }, [PACE]],
  [
    "a debt that a top-up covers",
    { ...given, isEmpty: true, outlook: { ...outlook, nextTopUp } },
    ["The next top-up of $50.00 comes about 4 December.", PACE],
  ],
  [
    "no usage",
    { ...given, outlook: null },
    ["There was no usage in the last 7 days, so nothing is projected."],
  ],
])("an outlook with %s is said in words", (_, state, words) => {
  expect(outlookInWords(state)).toEqual(words)
})
