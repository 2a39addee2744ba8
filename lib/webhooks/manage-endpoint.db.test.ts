import { beforeEach, expect, test } from "vitest"
import { createTestTeam, type TestTeam } from "@/dev/testing/teams"
import { addEndpoint, LOCAL, webhookCtx } from "@/dev/testing/webhook-endpoints"
import { testDatabase } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { LIMITS } from "./limits"
import { createEndpoint, removeEndpoint, rotateSecret, saveTypes, setEnabled } from "./manage-endpoint"
import { getEndpoint, listEndpoints } from "./queries"
import { MAX_ENDPOINTS } from "./schema"
import { decryptSecret, encryptSecret, newSecret } from "./secret"

const world = testDatabase()
let team: TestTeam
beforeEach(async () => {
  team = await createTestTeam(world.db)
})

const types = ["credit_balance_low" as const]
const PUBLIC = { allowed: { loopback: false }, resolve: async () => ["8.8.8.8"] }
const input = { url: "https://example.com/hooks", types }
const count = () => world.db.webhookEndpoint.count({ where: { teamId: team.id } })

test("an endpoint's secret is told once and stored encrypted", async () => {
  const { secret } = await createEndpoint(webhookCtx(world, team), input, PUBLIC)
  const [row] = await world.db.webhookEndpoint.findMany({ where: { teamId: team.id } })
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(JSON.stringify(row)).not.toContain(secret.slice(6))
  expect(decryptSecret(row?.secret ?? "")).toBe(secret)
})

test("a stored secret that was changed is not taken for one", () => {
  const stored = Buffer.from(encryptSecret(newSecret()), "base64")
  stored[stored.length - 1] = (stored.at(-1) ?? 0) ^ 1
  expect(() => decryptSecret(stored.toString("base64"))).toThrow()
})

test("an address that leads nowhere or inside is refused at the field, and nothing is written", async () => {
  const to = (url: string, ...addresses: string[]) =>
    createEndpoint(webhookCtx(world, team), { url, types }, { ...PUBLIC, resolve: async () => addresses })
  await expect(to("https://example.com", "10.0.0.1")).rejects.toMatchObject({ field: "url" })
  await expect(to("https://example.com")).rejects.toMatchObject({
    field: "url",
    title: "Use an address that is reachable from the internet.",
  })
  await expect(to("http://127.0.0.1:1/")).rejects.toMatchObject({ field: "url" })
  expect(await count()).toBe(0)
})

test("only Owners and Admins of the team manage endpoints", async () => {
  const { endpointId } = await addEndpoint(world, team, "http://127.0.0.1:9/")
  const other = await createTestTeam(world.db)
  for (const [ctx, status] of [
    [webhookCtx(world, team, { actor: team.member }), 403],
    [webhookCtx(world, other), 404],
  ] as const) {
    await expect(rotateSecret(ctx, { endpointId })).rejects.toMatchObject({ status })
    await expect(saveTypes(ctx, { endpointId, types })).rejects.toMatchObject({ status })
    await expect(setEnabled(ctx, { endpointId, enabled: false })).rejects.toMatchObject({ status })
    await expect(removeEndpoint(ctx, { endpointId })).rejects.toMatchObject({ status })
  }
  await expect(
    createEndpoint(webhookCtx(world, team, { actor: team.member }), input, PUBLIC),
  ).rejects.toMatchObject({ status: 403 })
  await removeEndpoint(webhookCtx(world, team, { actor: team.admin }), { endpointId })
  await expect(rotateSecret(webhookCtx(world, team), { endpointId })).rejects.toMatchObject({ status: 404 })
})

test("a team has so many endpoints at most, however many are added at once", async () => {
  const all = await Promise.allSettled(
    Array.from({ length: MAX_ENDPOINTS + 5 }, (_, n) =>
      createEndpoint(
        webhookCtx(world, team),
        { url: `http://127.0.0.1:${n + 1}/`, types },
        { allowed: LOCAL },
      ),
    ),
  )
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(MAX_ENDPOINTS)
  expect(await count()).toBe(MAX_ENDPOINTS)
})

test("a team tries so many addresses an hour, whatever comes of them, and no name is looked up beyond", async () => {
  let lookups = 0
  const resolve = async () => {
    lookups++
    return []
  }
  const add = (of: TestTeam, now = new Date()) =>
    createEndpoint(webhookCtx(world, of, { now }), input, { ...PUBLIC, resolve })
  const { limit, sentence } = LIMITS["add-endpoint"]
  // All within one window.
  const now = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS)
  for (let n = 0; n < limit; n++) await expect(add(team, now)).rejects.toMatchObject({ field: "url" })
  await expect(add(team, now)).rejects.toMatchObject({ status: 429, title: sentence })
  expect(lookups).toBe(limit)
  await expect(add(await createTestTeam(world.db), now)).rejects.toMatchObject({ field: "url" })
  await expect(add(team, new Date(now.getTime() + HOUR_MS))).rejects.toMatchObject({ field: "url" })
})

test("an address that can be seen to be wrong is no attempt", async () => {
  const typed = () => createEndpoint(webhookCtx(world, team), { url: "http://example.com", types }, PUBLIC)
  for (let n = 0; n <= LIMITS["add-endpoint"].limit; n++)
    await expect(typed()).rejects.toMatchObject({ field: "url" })
  await createEndpoint(webhookCtx(world, team), input, PUBLIC)
})

test("endpoints are turned on so often an hour, because each begins afresh", async () => {
  const { endpointId } = await addEndpoint(world, team, "http://127.0.0.1:9/")
  const now = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS)
  const set = (enabled: boolean) => setEnabled(webhookCtx(world, team, { now }), { endpointId, enabled })
  const { limit, sentence } = LIMITS["turn-on"]
  for (let n = 0; n < limit; n++) {
    await set(false)
    await set(true)
  }
  await set(false)
  await expect(set(true)).rejects.toMatchObject({ status: 429, title: sentence })
})

test("each endpoint names who made it, and whether they have left", async () => {
  await createEndpoint(webhookCtx(world, team, { actor: team.admin }), input, PUBLIC)
  const { endpointId } = await addEndpoint(world, team, "http://127.0.0.1:9/")
  await world.db.member.updateMany({ where: { id: team.admin.memberId }, data: { removedAt: new Date() } })
  const endpoints = await listEndpoints(world.db, team.id)
  expect(endpoints.map(({ createdBy }) => createdBy)).toEqual([
    { name: "ADMIN of the test", hasLeft: true },
    { name: "OWNER of the test", hasLeft: false },
  ])
  expect(await getEndpoint(world.db, team.id, endpointId)).toMatchObject({
    endpoint: { createdBy: { name: "OWNER of the test" } },
  })
})
