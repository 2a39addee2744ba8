import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { fillLedger } from "@/dev/bench/pages/fill-ledger"
import { createTestApiKey } from "@/dev/testing/api-keys"
import { credit, usd } from "@/dev/testing/ledger"
import { testMetering } from "@/dev/testing/metering"
import { usageOf } from "@/dev/testing/metering-usage"
import { buy } from "@/dev/testing/money-back"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { connectForExports, type ExportConnections } from "@/lib/db/export-connections"
import { toPublicId } from "@/lib/ids"
import { toEntryId } from "@/lib/ledger/entry-id"
import type { TransactionFilter } from "@/lib/ledger/search-transactions"
import { reportUsage } from "@/lib/metering/report-usage"
import { type FileFormat, writeTable } from "@/lib/table-file"
import { parseExport } from "./export-choice"
import { transactionTable } from "./export-transactions"
import { listFiltered } from "./transaction-list"

const world = testDatabase()
const meterings = testMetering(world)
let reader: ExportConnections

beforeAll(() => {
  reader = connectForExports(world.databaseUrl, 2)
})
afterAll(() => reader.end())

async function poolOf(team: TestTeam) {
  const { no, lastSeq } = await world.db.pool.findUniqueOrThrow({
    where: { teamId_id: { teamId: team.id, id: team.owner.poolId } },
  })
  return { pool: { teamId: team.id, id: team.owner.poolId, no }, upTo: lastSeq }
}

type Asked = { filter?: TransactionFilter; format?: FileFormat; mayGoOn?: () => Promise<boolean> }

async function* write(
  place: Awaited<ReturnType<typeof poolOf>>,
  { filter = {}, format = "jsonl", mayGoOn = async () => true }: Asked = {},
) {
  yield* writeTable(transactionTable({ db: world.db, reader }, { ...place, filter }), format, mayGoOn)
}

async function read(place: Awaited<ReturnType<typeof poolOf>>, asked: Asked = {}): Promise<string> {
  let text = ""
  for await (const part of write(place, asked)) text += part
  return text
}

test("an export is what the page lists for the filter, in its order, and the same again later", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const ref = { teamId: team.id, poolId: team.owner.poolId }
  const { purchaseId } = await buy(world.db, ref, usd(5))
  await credit(world.db, ref, usd(0.02), { source: "included", expiresAt: new Date(Date.now() + DAY_MS) })
  const { id: apiKeyId } = await createTestApiKey(world.db, team, { name: "=1+1" })
  const metering = meterings.start()
  const cause = { trigger: "api_key" as const, user: null, apiKeyId }
  await reportUsage(metering, team.id, usageOf({ key: "one", quantity: 10n, cause }))
  await reportUsage(metering, team.id, usageOf({ key: "two", consumable: "voice", quantity: 2_500n }))
  const place = await poolOf(team)
  for (const filter of [{}, { apiKeyId }, { kinds: ["purchase" as const] }, { minSizeNanos: usd(90) }]) {
    const rows = (await read(place, { filter }))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    const { listed } = await listFiltered(world.db, place.pool, filter, { cursor: {}, openSeq: undefined })
    expect(rows.map(({ reference }) => reference)).toEqual(
      listed.map(({ seq }) => toEntryId({ poolNo: place.pool.no, seq })),
    )
  }
  const whole = await read(place, { format: "csv" })
  expect(whole).toContain(
    `,"consumption","SMS",-0.10,4.90,10,"messages",0.012,0,"api_key",,"'=1+1",,"ent_${place.pool.no}_4"\r\n`,
  )
  expect(whole).toContain(`,"purchase",,5.00,5.00,,,,,,,,"${toPublicId("pur", purchaseId)}",`)
  await credit(world.db, ref, usd(1))
  expect(await read(place, { format: "csv" })).toBe(whole)
  expect(await read(place, { format: "csv_bom" })).toBe(`\uFEFF${whole}`)
})

test("200,000 rows come whole, in the memory of a few parts, and no further once the reader may not", async () => {
  const team = await createTestTeam(world.db, { plan: "free" })
  const { poolId } = team.owner
  const meter = { teamId: team.id, no: 1, consumable: "sms", decimals: 0, rateNanos: 1n, trigger: "schedule" }
  await world.db.meter.create({ data: meter })
  await fillLedger(world.databaseUrl, { teamId: team.id, poolId, meterNos: [1] }, 200_000)
  const place = await poolOf(team)
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  let rows = -1
  let parts = 0
  const held: number[] = []
  for await (const part of write(place, { format: "csv" })) {
    for (let at = part.indexOf("\n"); at !== -1; at = part.indexOf("\n", at + 1)) rows++
    if (parts++ % 8 !== 2) continue
    collect()
    held.push(process.memoryUsage().heapUsed / 2 ** 20)
  }
  // The grant is the one row that isn't usage.
  expect(rows).toBe(200_001)
  expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(20)
  let asked = 0
  await expect(read(place, { mayGoOn: async () => ++asked < 3 })).rejects.toThrow("no longer")
  expect(asked).toBe(3)
}, 60_000)

test("an address with a field that is wrong, unknown or there twice exports nothing", () => {
  for (const query of [
    "pool=x",
    "format=xls",
    "up_to=-1",
    "kind=x",
    "min=x",
    "before=1",
    "format=csv&format=csv",
  ])
    expect(parseExport(new URLSearchParams(query)), query).toBeNull()
  expect(parseExport(new URLSearchParams("min=&format=jsonl&up_to=7"))).toMatchObject({
    ...{ poolId: null, format: "jsonl", upTo: 7n },
  })
})
