import { expect, test } from "vitest"
import { toSearchText } from "@/lib/search/schema"
import { palettePages } from "@/lib/web/settings-pages"
import { findRows, NOTHING, narrow, toGroups } from "./matching"
import type { PaletteRow } from "./palette-types"

const row = (label: string, detail = ""): PaletteRow => ({ id: label, label, detail, href: `/${label}` })
const PAGES = palettePages("acme", "OWNER").map(({ label, of }) => row(label, of))
const find = (text: string) => findRows(PAGES, toSearchText(text)).map(({ label }) => label)

test.each([
  ["", PAGES.map(({ label }) => label)],
  ["api", ["API keys", "API reference"]],
  ["KEY", ["API keys"]],
  ["keys ap", ["API keys"]],
  // A label that begins with the text comes before one that has it elsewhere.
  [
    "t",
    [
      "Transactions",
      "General",
      "Members",
      "Limits",
      "API keys",
      "Webhooks",
      "Audit log",
      "Auto top-up history",
      "All teams",
    ],
  ],
  ["team members", ["Members"]],
  ["up hist", ["Auto top-up history"]],
  ["ills", []],
  ["%", []],
  ["_", []],
  [".*", []],
  ["\u0000\ud800", PAGES.map(({ label }) => label)],
  ["x".repeat(1_000), []],
])("%j finds %j", (text, labels) => {
  expect(find(text)).toEqual(labels)
})

test("accents and capitals make no difference", () => {
  const rows = [row("Zoë’s pages"), row("Réglages"), row("محمد")]
  const labels = (text: string) => findRows(rows, text).map(({ label }) => label)
  expect(labels("zoe")).toEqual(["Zoë’s pages"])
  expect(labels("REGLAGES")).toEqual(["Réglages"])
  expect(labels("réglages".normalize("NFD"))).toEqual(["Réglages"])
  expect(labels("محمد")).toEqual(["محمد"])
})

test("an earlier answer keeps what also fits the longer text, and no transaction", () => {
  const earlier = {
    members: [row("Ada Marlow", "ada@example.com"), row("Adam Bell", "bell@example.com")],
    keys: [row("Adapter", "ck_…a1B2")],
    transactions: [row("Purchase +$25.00")],
    teams: [row("Adatum")],
  }
  expect(narrow(earlier, "ada m")).toEqual({ ...NOTHING, members: [row("Ada Marlow", "ada@example.com")] })
  expect(narrow(earlier, "BELL@")).toEqual({ ...NOTHING, members: [row("Adam Bell", "bell@example.com")] })
})

test("groups without anything are left out", () => {
  expect(toGroups([], { ...NOTHING, keys: [row("production")] })).toEqual([
    { label: "API keys", items: [row("production")] },
  ])
})
