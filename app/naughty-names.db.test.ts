import { expect, test } from "vitest"
import { describeChanges } from "@/components/audit-log/change-words"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { renamePerson } from "@/lib/account/rename-person"
import { renamePersonSchema } from "@/lib/account/schema"
import { renameApiKey } from "@/lib/api-keys/rename-api-key"
import { renameApiKeySchema } from "@/lib/api-keys/schema"
import { DAY_MS } from "@/lib/clock"
import { requestCredits } from "@/lib/credit-requests/request-credits"
import { requestCreditsSchema } from "@/lib/credit-requests/schema"
import { csvLine } from "@/lib/csv"
import { getBillingDetails } from "@/lib/customers/billing-details"
import { framedMail } from "@/lib/mail/framed-mail"
import { renameTeam } from "@/lib/team-settings/rename-team"
import { saveBillingDetails } from "@/lib/team-settings/save-billing-details"
import { billingDetailsSchema, renameTeamSchema } from "@/lib/team-settings/schema"

const world = testDatabase()

/** Of the kinds in the “big list of naughty strings”. */
const NAUGHTY = [
  ...[
    "undefined",
    "null",
    "NULL",
    "(null)",
    "nil",
    "NaN",
    "true",
    "None",
    "-1",
    "0",
    "1/0",
    "1E+02",
    "0x0",
    "$1.00",
  ],
  ...[
    "",
    " ",
    "\t",
    "\u00A0",
    "\u3000",
    "\u0000",
    "\u0001",
    "\u007F",
    "\u0085",
    "\u2028",
    "a\nb",
    "a\r\nBcc: b@c.example",
  ],
  ...[
    "\u200B",
    "\uFEFF",
    "\u202Etxet",
    "\u2066a\u2069",
    "\u00AD",
    "\uD800",
    "\uDFFFx",
    "\uFFFE",
    "\uFFFF",
    "\u{10FFFF}",
  ],
  ...[
    "Ω≈ç√∫˜µ≤≥÷",
    "¡™£¢∞§¶•ªº–≠",
    "Ё Ђ Ѓ",
    "٠١٢٣",
    "⁰⁴⁵",
    "田中さん",
    "사회과학원",
    "تَمّ",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "ﷺ",
    "ß ẞ İ ı",
  ],
  ...["👨‍👩‍👧‍👦", "🏳️‍🌈", "🇺🇸🇷🇺", "1️⃣", "( ͡° ͜ʖ ͡°)", "¯\\_(ツ)_/¯", "ʇǝɯɐ", "𝕿𝖍𝖊", "①"],
  ...[
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "#{7*7}",
    "<%= 7 %>",
  ],
  ...[
    "1;DROP TABLE users",
    "1' OR '1'='1",
    '"',
    "'",
    "''''\"",
    "\\",
    "\\u0000",
    "%00",
    "%s%n",
    "$$",
    "{0}",
    "[object Object]",
  ],
  ...[
    "=1+1",
    "+A1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\uFF1D1",
    "../../../etc/passwd",
    "CON",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...[
    "https://evil.example/?a=b",
    "a@b.example",
    "0:0:0",
    "$HOME",
    "`ls`",
    "$(touch x)",
    "\u001B[31mred",
    "Ignore all instructions",
  ],
  "constructor".repeat(1_000),
  "👩".repeat(200),
]

/** On one line, composed, and without anything that hides or reorders. */
const isOneLine = (text: string) =>
  text === text.trim().normalize("NFC") && !/[\p{Cc}\p{Cs}\u2028-\u202E\u2066-\u2069\u200B\uFEFF]/u.test(text)

test("a naughty name is refused with a sentence, or kept and shown as it is, wherever people give one", async () => {
  const team = await createTestTeam(world.db)
  const { id: apiKeyId, publicId } = await createTestApiKey(world.db, team)
  const actor = { ...team.owner, address: "203.0.113.7" }
  const user = { id: team.member.userId, email: team.member.email, name: "MEMBER of the test" }
  const ctx = (by = actor, now = new Date()) => ({ db: world.db, now, team, actor: by })
  const empty = Object.fromEntries(
    Object.keys(await getBillingDetails(world.db, team.id)).map((field) => [field, ""]),
  )
  const taken: string[] = []
  for (const [index, text] of NAUGHTY.entries()) {
    // Requests are few a day.
    const now = new Date(Date.now() + index * DAY_MS)
    const changes = (await world.db.creditRequest.findFirst({ where: { teamId: team.id } }))?.id ?? null
    const asked = { amount: "5", reason: text, changes: null }
    const parsed = {
      team: renameTeamSchema.safeParse({ name: text }),
      person: renamePersonSchema.safeParse({ name: text }),
      key: renameApiKeySchema.safeParse({ apiKeyId: publicId, name: text }),
      company: billingDetailsSchema.safeParse({ ...empty, company: text }),
      reason: requestCreditsSchema.safeParse(asked),
    }
    for (const { error } of Object.values(parsed))
      expect(error?.issues[0]?.message ?? "Fine.").toMatch(/^[A-Z].*\.$/)
    const { team: ofTeam, person, key, company, reason } = parsed
    if (ofTeam.data) await renameTeam(ctx(), ofTeam.data)
    if (person.data) await renamePerson({ db: world.db, now, user, address: "203.0.113.7" }, person.data)
    if (key.data) await renameApiKey(ctx(), key.data)
    if (company.data) await saveBillingDetails(ctx(), company.data)
    if (reason.data)
      await requestCredits(ctx({ ...team.member, address: "203.0.113.7" }, now), { ...reason.data, changes })
    const stored = {
      team: (await world.db.team.findUniqueOrThrow({ where: { id: team.id } })).name,
      person: (await world.db.user.findUniqueOrThrow({ where: { id: user.id } })).name,
      key: (
        await world.db.apiKey.findUniqueOrThrow({ where: { teamId_id: { teamId: team.id, id: apiKeyId } } })
      ).name,
      company: (await getBillingDetails(world.db, team.id)).company,
      reason: (await world.db.creditRequest.findFirst({ where: { teamId: team.id } }))?.reason,
    }
    if (company.data) expect(stored.company).toBe(company.data.company)
    if (ofTeam.data) {
      const { name } = ofTeam.data
      taken.push(name)
      expect(isOneLine(name)).toBe(true)
      expect(stored).toMatchObject({ team: name, person: name, key: name, reason: name })
      expect(describeChanges({ name: "A" }, { name: stored.key })).toHaveLength(1)
      expect(csvLine([name])).toMatch(/^"(?![=+\-@\uFF1D])/)
    }
  }
  expect(taken.length).toBeGreaterThan(60)
  const { html, text, subject } = await framedMail({
    ...{ subject: taken.join(" "), title: taken.join(" "), body: taken.join(" "), teamName: taken.join(" ") },
    ...{ action: { label: "Open", url: "http://localhost:3000" }, footer: [] },
  })
  expect(html).not.toMatch(/<script|<img|javascript:alert\(1\)"|href="https:\/\/evil/)
  expect(html + text).not.toContain("https://evil.example")
  expect(isOneLine(subject)).toBe(true)
})
