import { expect, test } from "vitest"
import { findFault, type RawRequest } from "./find-fault"

const APP_URL = "https://credits.example.com"
const HOST = { host: "credits.example.com" }
const faultOf = (url: string, headers: RawRequest["headers"] = {}, method = "GET") =>
  findFault({ method, url, headers: { ...HOST, ...headers } }, APP_URL)?.status ?? null

test.each([
  "/",
  "/northwind/settings/account/billing?pool=pool_01m7y76adre8hs54n59w3dx90w",
  "/reference/%C3%BC",
  "/sign-in?next=%2Fteams&x=%ff",
  "/a%2fb",
  "//double",
  "/api/v1/holds/%00",
  "/_next/static/chunks/x.js",
])("nothing is wrong with %s", (url) => {
  expect(faultOf(url)).toBeNull()
})

test.each([
  "/%ff",
  "/%",
  "/%a",
  "/northwind/%c0%af",
  "/api/v1/holds/%ff",
  "/api/teams/%ff/live",
  "/%00",
  "/north%00wind",
  "/a%0ab",
  "/a%7fb",
  "/a%c2%85b",
  "/?pool=%00",
  "/?a=b&token=x%00",
  "http://credits.example.com/",
  "*",
  "",
])("%s is malformed", (url) => {
  expect(faultOf(url)).toBe(400)
})

test.each(["TRACE", "CONNECT", "PROPFIND", "PURGE", "get", ""])(
  "%s is no method of anything here",
  (method) => {
    for (const url of ["/", "/api/v1/usage", "/api/health"])
      expect(findFault({ method, url, headers: HOST }, APP_URL)).toMatchObject({
        status: 405,
        allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      })
  },
)

test.each(["PUT", "PATCH", "DELETE", "OPTIONS"])("%s is for the API only", (method) => {
  expect(faultOf("/teams", {}, method)).toBe(405)
  expect(faultOf("/apicalls", {}, method)).toBe(405)
  expect(faultOf("/icon.svg", {}, method)).toBe(405)
  expect(faultOf("/api/v1/usage", {}, method)).toBeNull()
})

test.each<[string, RawRequest["headers"]]>([
  ["Host", { host: "a b" }],
  ["Host", { host: "" }],
  ["X-Forwarded-Host", { "x-forwarded-host": "///" }],
  ["X-Forwarded-Host", { "x-forwarded-host": "a b, credits.example.com" }],
  ["X-Forwarded-Proto", { "x-forwarded-proto": "gopher" }],
  ["X-Forwarded-Proto", { "x-forwarded-proto": "https://x" }],
  ["Origin", { origin: "nonsense" }],
  ["Content-Type", { "content-type": "multipart/form-data" }],
  ["Content-Type", { "content-type": 'multipart/form-data; boundary=""' }],
  ["Next-Router-State-Tree", { "next-router-state-tree": "x" }],
  ["Next-Router-State-Tree", { "next-router-state-tree": "%ff" }],
])("a malformed %s header is named: %o", (name, headers) => {
  expect(findFault({ method: "GET", url: "/", headers: { ...HOST, ...headers } }, APP_URL)).toEqual({
    status: 400,
    sentence: `The ${name} header is malformed.`,
  })
})

const TREE = [
  "",
  { children: [["team", "northwind", "d", null], { children: ["__PAGE__", {}] }] },
  null,
  null,
  16,
]
test.each([
  TREE,
  ["", {}],
  ["", {}, ["/", ""], "refetch", 0, "x"],
  ["", { children: ["a", {}, null, "metadata-only"], other: ["b", {}] }],
  ["", { children: [["id", "x", "di(..)(..)", ["y"]], {}] }],
])("a state that Next’s own script sends passes: %j", (...tree) => {
  const text = JSON.stringify(tree)
  for (const header of [text, encodeURIComponent(text)])
    expect(faultOf("/teams", { rsc: "1", "next-router-state-tree": header })).toBeNull()
})

test.each([
  [],
  [""],
  [5, {}],
  ["", []],
  ["", null],
  ["", { children: "x" }],
  ["", {}, "x"],
  ["", {}, ["x"]],
  ["", {}, null, "x"],
  ["", {}, null, null, "x"],
  ["", {}, null, null, 1, 5],
  ["", {}, null, null, 1, "x", 7],
  [["a", "b", "x", null], {}],
  [["a", "b", "d"], {}],
  [["a", "b", "d", [5]], {}],
])("a state that Next can’t read is malformed: %j", (...tree) => {
  expect(faultOf("/teams", { "next-router-state-tree": JSON.stringify(tree) })).toBe(400)
})

test("a state that is nested beyond all measure is malformed", () => {
  const deep = `${'["",{"a":'.repeat(4_000)}["",{}]${"}]".repeat(4_000)}`
  expect(faultOf("/teams", { "next-router-state-tree": deep })).toBe(400)
  expect(faultOf("/teams", { "next-router-state-tree": `["${"x".repeat(40_001)}",{}]` })).toBe(400)
})

const ACTION = { "next-action": "00", "content-type": "text/plain;charset=UTF-8" }
const OURS = { origin: APP_URL }

test("a page takes what one of our pages posts", () => {
  expect(faultOf("/teams", { ...ACTION, ...OURS }, "POST")).toBeNull()
  expect(faultOf("/teams", { ...ACTION, ...OURS, "sec-fetch-site": "same-origin" }, "POST")).toBeNull()
  const form = { "content-type": "multipart/form-data; boundary=x" }
  expect(faultOf("/teams", { ...form, ...OURS }, "POST")).toBeNull()
  const behindProxy = { ...ACTION, ...OURS, host: "10.0.0.7:3000", "x-forwarded-host": "credits.example.com" }
  expect(faultOf("/teams", behindProxy, "POST")).toBeNull()
})

test.each<RawRequest["headers"]>([
  {},
  { origin: "https://evil.example" },
  { origin: "null" },
  { ...OURS, "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
  { ...OURS, "x-forwarded-host": "evil.example" },
  { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
])("a form or an action from elsewhere is refused: %o", (headers) => {
  expect(faultOf("/teams", { ...ACTION, ...headers }, "POST")).toBe(403)
  const form = { "content-type": "multipart/form-data; boundary=x" }
  expect(faultOf("/teams", { ...form, ...headers }, "POST")).toBe(403)
  expect(faultOf("/__proto__", { ...ACTION, ...headers }, "POST")).toBe(403)
})

test("a post that neither calls an action nor can be a form of ours is not for a page", () => {
  for (const type of ["text/plain", "application/json", "application/x-www-form-urlencoded", ""])
    expect(faultOf("/teams", { ...OURS, "content-type": type }, "POST")).toBe(405)
  expect(
    faultOf("/api/unsubscribe", { "content-type": "application/x-www-form-urlencoded" }, "POST"),
  ).toBeNull()
})
