import { describe, expect, test } from "vitest"
import { checkDestination, checkUrl, mayDial } from "./address"

const NEVER = { loopback: false }
const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses

/** Hostile or mistaken, whoever typed them. */
const REFUSED = [
  // No address, or not https.
  "",
  "x",
  "example.com",
  "//example.com",
  "https:",
  "https://",
  "https:///",
  "http://example.com",
  "ftp://example.com",
  "file:///etc/passwd",
  "gopher://example.com",
  "javascript:alert(1)",
  "data:text/html,x",
  "ws://example.com",
  "wss://example.com",
  "https://exa mple.com",
  "https://example.com\n",
  "\thttps://example.com",
  "https://example.com\\@evil.example",
  "https:\\\\example.com",
  // Credentials, fragments, ports.
  "https://user@example.com",
  "https://user:password@example.com",
  "https://:password@example.com",
  "https://example.com#part",
  "https://example.com:22",
  "https://example.com:25",
  "https://example.com:80",
  "https://example.com:3306",
  "https://example.com:5432",
  "https://example.com:6379",
  "https://example.com:8080",
  "https://example.com:9200",
  "https://example.com:65536",
  "https://example.com:0",
  // This machine, in every spelling.
  "https://localhost",
  "https://localhost.",
  "https://LOCALHOST",
  "https://a.localhost",
  "https://localhost.localdomain.local",
  "https://127.0.0.1",
  "https://127.1",
  "https://127.0.1",
  "https://2130706433",
  "https://0x7f000001",
  "https://0x7f.1",
  "https://0177.0.0.1",
  "https://017700000001",
  "https://127.0.0.1.",
  "https://127.255.255.254",
  "https://0",
  "https://0.0.0.0",
  "https://0.0.0.1",
  "https://[::1]",
  "https://[::]",
  "https://[0:0:0:0:0:0:0:1]",
  "https://[::ffff:127.0.0.1]",
  "https://[::ffff:7f00:1]",
  "https://[::127.0.0.1]",
  "https://１２７.0.0.1",
  "https://127。0。0。1",
  "https://①②⑦.0.0.1",
  "https://ⓛocalhost",
  // Private networks, and what clouds keep there.
  "https://10.0.0.1",
  "https://10.255.255.255",
  "https://172.16.0.1",
  "https://172.31.255.255",
  "https://192.168.0.1",
  "https://192.168.1.1",
  "https://169.254.169.254",
  "https://169.254.170.2",
  "https://0xa9fea9fe",
  "https://2852039166",
  "https://[::ffff:169.254.169.254]",
  "https://[fd00:ec2::254]",
  "https://100.64.0.1",
  "https://100.100.100.200",
  "https://100.127.255.255",
  "https://192.0.0.1",
  "https://192.0.0.192",
  "https://192.0.0.170",
  "https://198.18.0.1",
  "https://198.19.255.255",
  "https://192.0.2.1",
  "https://198.51.100.1",
  "https://203.0.113.1",
  "https://192.88.99.1",
  "https://224.0.0.1",
  "https://239.255.255.255",
  "https://240.0.0.1",
  "https://255.255.255.255",
  "https://[fe80::1]",
  "https://[fec0::1]",
  "https://[fc00::1]",
  "https://[fd12:3456::1]",
  "https://[ff02::1]",
  "https://[2001:db8::1]",
  "https://[3fff::1]",
  "https://[100::1]",
  "https://[5f00::1]",
  // IPv4 inside IPv6: translated, tunnelled, compatible.
  "https://[64:ff9b::7f00:1]",
  "https://[64:ff9b::a9fe:a9fe]",
  "https://[64:ff9b:1::7f00:1]",
  "https://[2002:7f00:1::]",
  "https://[2002:a9fe:a9fe::1]",
  "https://[2001:0:7f00:1::]",
  "https://[2001::1]",
  "https://[::ffff:0:127.0.0.1]",
  "https://[::ffff:10.0.0.1]",
  // Names that never lead to the internet.
  "https://intranet",
  "https://metadata",
  "https://metadata.google.internal",
  "https://printer.local",
  "https://nas.lan",
  "https://router.home",
  "https://router.home.arpa",
  "https://db.corp",
  "https://db.internal.",
  "https://wiki.intranet",
  "https://expyuzz4wqqyqhjn.onion",
  `https://example.com/${"x".repeat(2_000)}`,
]

test(`${REFUSED.length} addresses that nothing may be sent to are refused before any name is looked up`, () => {
  expect(REFUSED.length).toBeGreaterThan(100)
  expect(REFUSED.filter((text) => checkUrl(text, NEVER).ok)).toEqual([])
})

test.each([
  "https://example.com",
  "https://example.com/webhooks?team=1",
  "https://example.com:443/",
  "https://hooks.example.com:8443/a",
  "https://example.com./",
  "https://bücher.example",
  "https://8.8.8.8/",
  "https://[2606:4700:4700::1111]/",
])("%s may be sent to", (text) => {
  expect(checkUrl(text, NEVER)).toMatchObject({ ok: true })
})

describe("a name", () => {
  test("that leads to public addresses only is allowed", async () => {
    const found = await checkDestination("https://example.com", NEVER, resolvesTo("8.8.8.8", "2606:4700::1"))
    expect(found).toMatchObject({ ok: true })
  })

  test.each([
    ["127.0.0.1"],
    ["8.8.8.8", "10.0.0.1"],
    ["::ffff:10.0.0.1"],
    ["2606:4700::1", "fe80::1"],
    ["64:ff9b::a9fe:a9fe"],
    ["not an address"],
  ])("that leads to %s is refused", async (...addresses) => {
    expect(await checkDestination("https://example.com", NEVER, resolvesTo(...addresses))).toEqual({
      ok: false,
      message: "Use an address that is reachable from the internet.",
    })
  })

  test("that nobody knows is refused with the same words", async () => {
    const unknown = async () => Promise.reject(new Error("ENOTFOUND"))
    expect(await checkDestination("https://nowhere.example", NEVER, unknown)).toEqual({
      ok: false,
      message: "Use an address that is reachable from the internet.",
    })
  })
})

test("only in development this machine may be sent to, and nothing else that is private", () => {
  const development = { loopback: true }
  for (const text of [
    "http://localhost:4000/a",
    "http://127.0.0.1:5",
    "http://[::1]:80",
    "https://localhost",
  ])
    expect(checkUrl(text, development).ok).toBe(true)
  for (const text of [
    "http://10.0.0.1",
    "https://192.168.0.1",
    "http://example.com",
    "http://user@localhost",
    "ftp://localhost",
  ])
    expect(checkUrl(text, development).ok).toBe(false)
  expect(mayDial("127.0.0.1", development)).toBe(true)
  expect(mayDial("10.0.0.1", development)).toBe(false)
  expect(mayDial("127.0.0.1", NEVER)).toBe(false)
})
