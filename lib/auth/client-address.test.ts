import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { clientAddress } from "./client-address"

const addressOf = (chain: string, proxies = 1) =>
  clientAddress(new Headers({ "x-forwarded-for": chain }), proxies)

describe("the address that the nearest proxy saw", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["6.6.6.6, 192.0.2.1", "192.0.2.1"],
    [" 192.0.2.1:50123 ", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::ffff:c000:201", "192.0.2.1"],
    ["6.6.6.6,7.7.7.7 , 2001:db8:1:2:3:4:5:6 ", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"],
    ["2001:DB8::1", "2001:db8:0:0::/64"],
    ["2001:0db8:0000:0042::", "2001:db8:0:42::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
    ["", "unknown"],
    ["6.6.6.6,", "unknown"],
    ["6.6.6.6, unknown", "unknown"],
    ["999.0.0.1", "unknown"],
    ["3221225985", "unknown"],
    ["0300.0.0002.1", "unknown"],
    ["9".repeat(10_000), "unknown"],
  ])("of %o is %s", (chain, address) => {
    expect(addressOf(chain)).toBe(address)
  })

  test("is unknown when no proxy said anything", () => {
    expect(clientAddress(new Headers(), 1)).toBe("unknown")
  })
})

test.each([
  ["203.0.113.9, 198.51.100.7", "203.0.113.9"],
  ["6.6.6.6, 203.0.113.9, 198.51.100.7", "203.0.113.9"],
  ["203.0.113.9", "203.0.113.9"],
])("behind two proxies is in %o what the outer one saw", (chain, address) => {
  expect(addressOf(chain, 2)).toBe(address)
})

test("a client stays the same to the limits, whatever it claims in front", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("", "x", "::"))), (claimed) => {
      expect(addressOf([...claimed, "192.0.2.1"].join(", "))).toBe("192.0.2.1")
      expect(addressOf([...claimed, "192.0.2.1", "10.0.0.1"].join(", "), 2)).toBe("192.0.2.1")
    }),
  )
})

test("the addresses of one network of version 6 are one, however they are written", () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  fc.assert(
    fc.property(fc.array(group, { minLength: 4, maxLength: 4 }), (host) => {
      const written = host.map((part) => part.toString(16).padStart(4, "0")).join(":")
      expect(addressOf(`2001:db8:0:7:${written}`)).toBe("2001:db8:0:7::/64")
    }),
  )
})
