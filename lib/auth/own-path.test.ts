import fc from "fast-check"
import { expect, test } from "vitest"
import { ownPath } from "./own-path"

const APP = "https://credits.example.com"

test.each([
  ["/", "/"],
  ["/northwind/settings/account/billing", "/northwind/settings/account/billing"],
  ["/northwind?pool=pool_1&x=%2F%2Fevil", "/northwind?pool=pool_1&x=%2F%2Fevil"],
  ["/a/../b", "/b"],
  ["/teams#part", "/teams"],
])("leads to our own page %s", (path, expected) => {
  expect(ownPath(path, APP)).toBe(expected)
})

test.each([
  ["nothing", undefined],
  ["empty", ""],
  ["two values", ["/a", "/b"]],
  ["no slash", "evil.example"],
  ["two slashes", "//evil.example"],
  ["three slashes", "///evil.example"],
  ["a backslash", "/\\evil.example"],
  ["backslashes", "\\\\evil.example"],
  ["a backslash later", "/a\\..\\..\\evil.example"],
  ["an at sign", "@evil.example"],
  ["a whole address", "https://evil.example/"],
  ["an address without slashes", "https:evil.example"],
  ["our address as a user", "https://credits.example.com@evil.example/"],
  ["a script", "javascript:alert(1)"],
  ["data", "data:text/html,x"],
  ["two slashes behind dots", "/..//evil.example"],
  ["two slashes behind a dot", "/.//evil.example"],
  ["two slashes behind encoded dots", "/%2e%2e//evil.example"],
  ["two slashes behind one step and back", "/a/..//evil.example"],
  ["a line feed", "/\n/evil.example"],
  ["a return and a header", "/\r\nlocation: https://evil.example"],
  ["a tab", "/\t/evil.example"],
  ["a null", "/\u0000/evil.example"],
  ["a space before", " /evil"],
  ["a byte order mark before", "\ufeff/evil"],
])("leads home instead of to %s", (_, path) => {
  expect(ownPath(path, APP)).toBe("/")
})

test.each(["/%2f%2fevil.example", "/%5cevil.example", "/。。/evil", "/a@evil.example", "/．．//evil"])(
  "keeps %s on our own site, where it is only a page that doesn’t exist",
  (path) => {
    expect(new URL(ownPath(path, APP), APP).origin).toBe(APP)
  },
)

test("never leaves our own site, whatever arrives", () => {
  const parts = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "//",
    "@",
    ":",
    "%2f",
    "%5c",
    "%2e",
    "evil.example",
    "\t",
    "?",
    "#",
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts).map((all) => all.join("")),
        fc.webUrl(),
      ),
      (path) => {
        const result = ownPath(path, APP)
        expect(new URL(result, APP).origin).toBe(APP)
        // A browser reads a path with two leading slashes as another host.
        expect(result).toMatch(/^\/(?![/\\])/)
      },
    ),
    { numRuns: 2_000 },
  )
})
