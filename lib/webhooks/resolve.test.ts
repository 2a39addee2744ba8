import { pbkdf2 } from "node:crypto"
import { lookup } from "node:dns/promises"
import { stat } from "node:fs/promises"
import { promisify } from "node:util"
import { afterEach, expect, test } from "vitest"
import { startNameServer } from "@/dev/testing/servers/name-server"
import { until } from "@/stand-in/testing"
import { checkDestination } from "./address"
import { Dialer } from "./dial"
import { resolveName } from "./resolve"

const NEVER = { loopback: false }
const NOT_PUBLIC = { ok: false, message: "Use an address that is reachable from the internet." }

const started: Awaited<ReturnType<typeof startNameServer>>[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
})
async function start(...options: Parameters<typeof startNameServer>) {
  const nameServer = await startNameServer(...options)
  started.push(nameServer)
  return nameServer
}
const servers = () => started.flatMap((each) => each.servers)
const asked = () => started.flatMap((each) => each.asked)

const check = (name: string, timeoutMs?: number) =>
  checkDestination(`https://${name}/hooks`, NEVER, (hostname) =>
    resolveName(hostname, { servers: servers(), ...(timeoutMs ? { timeoutMs } : {}) }),
  )

test("a name leads to all of its addresses, of both kinds", async () => {
  await start({ names: { "hooks.example": { a: ["8.8.8.8", "8.8.4.4"], aaaa: ["2606:4700::1"] } } })
  const found = await resolveName("hooks.example", { servers: servers() })
  expect(found.sort()).toEqual(["2606:4700::1", "8.8.4.4", "8.8.8.8"])
  expect(await check("hooks.example")).toMatchObject({ ok: true })
})

test("a name with one private address among public ones is refused, of either kind", async () => {
  await start({
    names: {
      "four.example": { a: ["8.8.8.8", "10.0.0.1"] },
      "six.example": { a: ["8.8.8.8"], aaaa: ["fd00::1"] },
    },
  })
  expect(await check("four.example")).toEqual(NOT_PUBLIC)
  expect(await check("six.example")).toEqual(NOT_PUBLIC)
})

test("the answer tells nobody which names exist inside", async () => {
  await start({ names: { "inside.example": { a: ["10.0.0.1"] } } })
  expect(await check("inside.example")).toEqual(NOT_PUBLIC)
  expect(await check("nowhere.example")).toEqual(NOT_PUBLIC)
  const dialer = new Dialer(NEVER, (hostname) => resolveName(hostname, { servers: servers() }))
  const post = (name: string) => dialer.post(`https://${name}/`, {}, "{}")
  expect(await post("inside.example")).toEqual(await post("nowhere.example"))
  await dialer.close()
})

test("a name server that never answers is asked once for each kind, and left soon", async () => {
  await start({ isSilent: true })
  const beganAt = performance.now()
  expect(await check("silent.example", 1_000)).toEqual(NOT_PUBLIC)
  // The system would have asked again and again, for ten seconds and more.
  expect(performance.now() - beganAt).toBeLessThan(5_000)
  await until(asked, ({ length }) => length >= 2)
  expect(asked()).toEqual(["silent.example", "silent.example"])
})

test("another name server answers for one that is away, and many that are away take no longer than one", async () => {
  await start({ isSilent: true })
  await start({ names: { "hooks.example": { a: ["8.8.8.8"] } } })
  expect(await check("hooks.example", 4_000)).toMatchObject({ ok: true })
  for (let n = 0; n < 10; n++) started.unshift(await startNameServer({ isSilent: true }))
  const before = asked().length
  expect(await check("hooks.example", 1_000)).toEqual(NOT_PUBLIC)
  expect(asked().length - before).toBeLessThan(10)
})

test("names that nobody answers for keep no thread from the rest of the process", async () => {
  const nameServer = await start({ isSilent: true })
  let given = 0
  const checks = Array.from({ length: 32 }, (_, n) =>
    check(`silent-${n}.example`, 60_000).then((checked) => {
      given++
      return checked
    }),
  )
  await until(asked, ({ length }) => length === 64)
  // Each of these needs one of four threads, as a connection to Stripe or the database does.
  await Promise.all([lookup("localhost"), stat("."), promisify(pbkdf2)("a", "b", 1, 8, "sha256")])
  expect(given).toBe(0)
  nameServer.answerAll()
  expect(new Set((await Promise.all(checks)).map(({ ok }) => ok))).toEqual(new Set([false]))
})

test("this machine by its name needs no name server", async () => {
  await start()
  expect(await resolveName("localhost", { servers: servers() })).toEqual(["127.0.0.1", "::1"])
  expect(asked()).toEqual([])
})
