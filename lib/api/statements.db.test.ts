import { expect, test } from "vitest"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { usd } from "@/dev/testing/ledger"
import { callApi, testApi } from "@/dev/testing/metering-api"
import { giveCredits } from "@/dev/testing/pools"
import { makeAt } from "@/dev/testing/statements"
import { createTestTeam } from "@/dev/testing/teams"
import { endOf, monthAfter, monthOf } from "@/lib/statements/month"
import { statementAnswer, statementsAnswer } from "./statements"

const world = testApi()

test("a list is read to its end in pages, and a statement has every pool of the team", async () => {
  const team = await createTestTeam(world.db)
  for (const member of [team.owner, team.member]) await giveCredits(world.db, team, member, usd(5))
  const key = (await createTestApiKey(world.db, team)).apiKey
  const first = monthOf(new Date())
  const months = [first, monthAfter(first), monthAfter(monthAfter(first))]
  await makeAt(world.db, team, new Date(endOf(months[2] ?? first).getTime() + 3_600_000))

  const seen: string[] = []
  let cursor: string | null = null
  do {
    const more: string = cursor === null ? "" : `&cursor=${cursor}`
    const { json } = await callApi(`GET /statements?limit=2${more}`, { key })
    const page = statementsAnswer.parse(json)
    seen.push(...page.statements.map(({ month }) => month))
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(seen).toEqual([...months].reverse())

  const { statements } = statementsAnswer.parse((await callApi("GET /statements", { key })).json)
  const { json } = await callApi(`GET /statements/${statements.at(-1)?.id}`, { key })
  const { statement } = statementAnswer.parse(json)
  expect(statement.credits).toEqual({ opening: "0.00", movements: { promotion: "10.00" }, closing: "10.00" })
  expect(statement.pools.map(({ name, credits }) => [name, credits.closing])).toEqual([
    ["OWNER of the test", "5.00"],
    ["MEMBER of the test", "5.00"],
  ])
})

test("a cursor of another team, one that was made up, and a strange page are refused", async () => {
  const [one, other] = [await createTestTeam(world.db), await createTestTeam(world.db)]
  for (const team of [one, other]) await giveCredits(world.db, team, team.owner, usd(5))
  const first = monthOf(new Date())
  for (const team of [one, other])
    await makeAt(world.db, team, new Date(endOf(monthAfter(first)).getTime() + 3_600_000))
  const key = (await createTestApiKey(world.db, one)).apiKey
  const foreign = (await createTestApiKey(world.db, other)).apiKey
  const { json } = await callApi("GET /statements?limit=1", { key: foreign })
  for (const query of [`cursor=${json.next_cursor}`, "cursor=x", "cursor=", "cursor=a&cursor=b"])
    expect((await callApi(`GET /statements?${query}`, { key })).json).toMatchObject({
      status: 400,
      field: "cursor",
    })
  for (const limit of ["0", "101", "x", "-1"])
    expect((await callApi(`GET /statements?limit=${limit}`, { key })).json).toMatchObject({
      status: 400,
      field: "limit",
    })
})
