import { describe, expect, test } from "vitest"
import { isLocalRequest } from "./local-request"

const of = (headers: Record<string, string>) => isLocalRequest(new Headers(headers))

describe("a request is of this machine", () => {
  test.each([
    { host: "localhost:3000" },
    { host: "127.0.0.1:3000" },
    { host: "[::1]:3000" },
    { host: "localhost", "x-forwarded-host": "localhost:3000", "x-forwarded-for": "::1" },
    { host: "localhost:3000", "x-forwarded-for": "::ffff:127.0.0.1" },
  ])("with %o", (headers) => {
    expect(of(headers as Record<string, string>)).toBe(true)
  })
})

describe("a request is from outside", () => {
  test.each([
    {},
    { host: "demo.tunnel.example" },
    { host: "localhost.example.com" },
    { host: "192.168.1.7:3000" },
    { host: "localhost:3000", "x-forwarded-host": "demo.tunnel.example" },
    { host: "localhost:3000", "x-forwarded-host": "localhost, demo.tunnel.example" },
    { host: "localhost:3000", "x-forwarded-for": "203.0.113.7" },
    { host: "localhost:3000", "x-forwarded-for": "203.0.113.7, 127.0.0.1" },
    { host: "localhost:3000", forwarded: "for=203.0.113.7" },
    { host: "localhost:3000", "cf-connecting-ip": "203.0.113.7" },
  ])("with %o", (headers) => {
    expect(of(headers as Record<string, string>)).toBe(false)
  })
})
