import { expect, test } from "vitest"
import { isSameOrigin } from "./same-origin"

const APP = "https://credits.example.com"

test.each([
  ["the same origin", { origin: APP }],
  ["the same origin, as the browser says too", { origin: APP, "sec-fetch-site": "same-origin" }],
])("trusts %s", (_, headers) => {
  expect(isSameOrigin(new Headers(headers), APP)).toBe(true)
})

test.each([
  ["no proof at all", {}],
  ["an origin of null", { origin: "null" }],
  ["an empty origin", { origin: "" }],
  ["another host", { origin: "https://evil.example" }],
  ["another host that is the Host header", { origin: "https://evil.example", host: "evil.example" }],
  ["another host that is forwarded", { origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
  ["a sub-domain", { origin: "https://x.credits.example.com" }],
  ["a domain that ends alike", { origin: "https://evilcredits.example.com" }],
  ["a domain that begins alike", { origin: "https://credits.example.com.evil.example" }],
  ["another port", { origin: "https://credits.example.com:8443" }],
  ["another scheme", { origin: "http://credits.example.com" }],
  ["a referer alone", { referer: `${APP}/teams` }],
  ["a browser's word without an origin", { "sec-fetch-site": "same-origin" }],
  [
    "a browser's word with another origin",
    { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
  ],
  ["a browser's word with an origin of null", { "sec-fetch-site": "same-origin", origin: "null" }],
  ["a sibling site", { "sec-fetch-site": "same-site", origin: APP }],
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["another site with our origin", { "sec-fetch-site": "cross-site", origin: APP }],
  ["an address that was typed", { "sec-fetch-site": "none", origin: APP }],
])("refuses %s", (_, headers) => {
  expect(isSameOrigin(new Headers(headers), APP)).toBe(false)
})
