import { expect, test } from "vitest"
import { pdfPages } from "@/dev/testing/pdf-text"
import { samplePool, sampleStatement, sampleUsed } from "@/dev/testing/sample-statement"
import { statementCsv } from "./csv"
import { usedByConsumable, usedByMember } from "./lines"
import { daysInWords, isMonth, monthAfter, statementNumber } from "./month"
import { statementPdf } from "./pdf"

const URL_OF_PAGE = "https://credits.example.com/northwind/settings/account/billing/statements/2026-11"
const render = (statement = sampleStatement()) => statementPdf(statement, { pageUrl: URL_OF_PAGE })

test("a month is a month of UTC, over year ends and leap days", () => {
  expect(["2026-11", "2026-12", "2028-02"].map(monthAfter)).toEqual(["2026-12", "2027-01", "2028-03"])
  expect(["2028-02", "2027-02", "2026-12"].map(daysInWords)).toEqual([
    "1–29 February 2028",
    "1–28 February 2027",
    "1–31 December 2026",
  ])
  const wrong = [
    "",
    "2026-13",
    "2026-00",
    "1999-12",
    "2026-1",
    "2026-11-01",
    "20261-1",
    "2026-11\0",
    " 2026-11",
  ]
  expect(wrong.filter(isMonth)).toEqual([])
  expect(statementNumber({ month: "2026-11", no: 12_345 })).toBe("ST-2026-11-12345")
})

test("the PDF says whose it is, from whom, and every figure to the nano", async () => {
  const [page = [], ...more] = pdfPages(await render())
  expect(more).toEqual([])
  const text = page.join("\n")
  for (const part of [
    "Statement",
    "1–30 November 2026",
    "ST-2026-11-0003",
    "Northwind Labs GmbH",
    "Torstraße 1",
  ])
    expect(text).toContain(part)
  for (const part of [
    "Example Ltd",
    "1 December 2026",
    "Page 1 of 1",
    "A1B2-0007",
    "$59.50",
    "62.5",
    "No member",
  ])
    expect(text).toContain(part)
  for (const amount of ["−$12.00", "$50.00", "−$29.820000001", "−$0.000125", "$8.179874999", "$19.82"])
    expect(page).toContain(amount)
})

test("the same statement is the same file, byte by byte", async () => {
  const [one, other] = [await render(), await render()]
  expect(one.equals(other)).toBe(true)
})

test("long tables go on with their titles, and pages are numbered", async () => {
  const used = Array.from({ length: 90 }, (_, n) =>
    sampleUsed({ memberId: `m${n}`, memberName: `Member number ${n}` }),
  )
  const pages = pdfPages(await render(sampleStatement({ pools: [samplePool({ used })] })))
  expect(pages.length).toBeGreaterThan(2)
  for (const [index, page] of pages.entries()) expect(page).toContain(`Page ${index + 1} of ${pages.length}`)
  expect(pages.filter((page) => page.includes("Records")).length).toBeGreaterThanOrEqual(pages.length - 1)
  expect(pages[1]?.indexOf("Records")).toBeLessThan(3)
  const names = pages.flat().filter((line) => line.startsWith("Member number"))
  expect(names).toEqual(used.map(({ memberName }) => memberName))
})

test("a thousand pools and members are cut short on paper, which says so, and still add up", async () => {
  const pools = Array.from({ length: 1_000 }, (_, n) =>
    samplePool({
      ...{ poolNo: n + 1, holderName: `Member ${n}`, payments: [] },
      used: [sampleUsed({ memberId: `m${n}`, memberName: `Member ${n}` })],
    }),
  )
  const statement = sampleStatement({ pools })
  const lines = pdfPages(await render(statement)).flat()
  expect(lines).toContain("950 more pools are in the CSV.")
  expect(lines).toContain("801 others")
  const used = pools.flatMap((pool) => pool.used)
  const sum = usedByMember(used).reduce((total, { creditsNanos }) => total + creditsNanos, 0n)
  expect(sum).toBe(1_000n * (used[0]?.creditsNanos ?? 0n))
  expect(
    statementCsv(statement)
      .split("\r\n")
      .filter((line) => line.includes('"Usage"')),
  ).toHaveLength(1_000)
})

test("letters of many scripts are printed, and those of no font are marked and explained", async () => {
  const printed = ["Łukasz Žižek", "Ελένη Παπά", "Жанна Ўзбек", "Nguyễn Thị Ánh", "Zoe\u0301"]
  const names = [...printed, "山田太郎", "محمد", "Ada 🚀", "हिन्दी"]
  const pools = names.map((holderName, index) => samplePool({ holderName, poolNo: index + 1 }))
  const lines = pdfPages(await render(sampleStatement({ pools }))).flat()
  const text = lines.join("")
  for (const name of printed) expect(text).toContain(name.normalize("NFC"))
  expect(lines).toEqual(expect.arrayContaining(["????*", "Ada ?*"]))
  expect(text).toContain("can’t be printed here")
  expect(text).toContain(URL_OF_PAGE.slice(0, 40))
  expect(text).not.toContain("\uFFFD")
  // Without such letters there is nothing to explain.
  expect(
    pdfPages(await render())
      .flat()
      .join(""),
  ).not.toContain("can’t be printed")
})

test("the CSV has every line with every digit, and runs nothing that somebody typed", () => {
  const used = [sampleUsed({ memberId: "m", memberName: "=cmd|' /C calc'!A0" })]
  const csv = statementCsv(sampleStatement({ pools: [samplePool({ holderName: "@Ada", used })] }))
  const lines = csv.split("\r\n")
  expect(lines[0]?.startsWith('\uFEFF"Statement","Month","Pool"')).toBe(true)
  expect(lines).toContain(
    `"ST-2026-11-0003","2026-11","'@Ada","Balance","Opening balance",,,,,,-12.00,0.00,,,`,
  )
  expect(lines).toContain(
    `"ST-2026-11-0003","2026-11","'@Ada","Usage","Voice","'=cmd|' /C calc'!A0",,62.5,60,12,-29.820000001,-0.18,,,`,
  )
  expect(lines).toContain(
    `"ST-2026-11-0003","2026-11","'@Ada","Payment","Purchase",,"2026-11-03T09:12:00.000Z",,,,50.00,,59.50,"A1B2-0007","pi_3Q"`,
  )
})

test("usage adds up by consumable and by member, and units of several kinds aren’t added", () => {
  const lines = [
    sampleUsed({ memberId: "a", memberName: "Ada" }),
    sampleUsed({ memberId: "b", memberName: "Ada" }),
    sampleUsed({
      memberId: "a",
      memberName: "Ada",
      consumable: "sms",
      consumableName: "SMS",
      decimals: 0,
      quantity: 3n,
    }),
  ]
  expect(usedByConsumable(lines).map(({ title, quantity, records }) => [title, quantity, records])).toEqual([
    ["Voice", "125", 24n],
    ["SMS", "3", 12n],
  ])
  // Two people of one name stay two.
  expect(usedByMember(lines).map(({ title, quantity, records }) => [title, quantity, records])).toEqual([
    ["Ada", null, 24n],
    ["Ada", "62.5", 12n],
  ])
})
