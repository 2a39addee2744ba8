import { describe, expect, test } from "vitest"
import { testEnvironment } from "@/dev/testing/environment"
import { isTestModeInPublic, parseEnv } from "./env"

const live = {
  APP_URL: "https://credits.example.com",
  STRIPE_SECRET_KEY: "sk_live_1",
  STRIPE_PUBLISHABLE_KEY: "pk_live_1",
  STRIPE_API_BASE: undefined,
  STRIPE_JS_URL: undefined,
}
const demo = { DEMO_MODE: "1", DATABASE_URL: "postgresql://u:p@127.0.0.1:5432/credits_demo" }

describe("a start is refused by a sentence that begins with the variable", () => {
  test.each([
    "APP_URL",
    "AUTH_SECRET",
    "DATABASE_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_PUBLISHABLE_KEY",
    "STRIPE_WEBHOOK_SECRET",
  ])("when %s is missing", (name) => {
    expect(() => parseEnv(testEnvironment({ [name]: undefined }))).toThrow(new RegExp(`^${name} is missing`))
    expect(() => parseEnv(testEnvironment({ [name]: "" }))).toThrow(new RegExp(`^${name} `))
  })

  test.each([
    ["APP_URL", "credits.example.com"],
    ["APP_URL", "https://credits.example.com/"],
    ["APP_URL", "https://credits.example.com/app"],
    ["APP_URL", "http://credits.example.com"],
    ["APP_URL", "http://localhost.example.com"],
    ["APP_URL", "javascript:alert(1)"],
    ["APP_URL", "https://*.example.com"],
    ["APP_URL", "https://credits.example.com?a"],
    ["APP_URL", "https://user@credits.example.com"],
    ["APP_URL", "https://one.example.com,https://two.example.com"],
    ["APP_URL", "ftp://localhost"],
    ["AUTH_SECRET", "too short"],
    ["AUTH_SECRET", "x".repeat(44)],
    ["AUTH_SECRET", "0123456789abcdef0123456789abcdef"],
    ["AUTH_SECRET", "abcdefghijklmnopqrstuvwxyz0123456789"],
    ["AUTH_SECRET", "correct-horse-correct-horse-correct-horse"],
    ["AUTH_SECRET", "change-me-k3jH8sQ0zXv7LmN2pR5tY9wB4cD6fG1h"],
    ["AUTH_SECRET", "00000000-0000-0000-0000-000000000000"],
    ["DATABASE_URL", "mysql://u:p@localhost/credits"],
    ["DATABASE_URL", "not a url"],
    ["API_PORT", "0"],
    ["API_PORT", "65536"],
    ["API_PORT", "http"],
    ["TRUSTED_PROXIES", "0"],
    ["TRUSTED_PROXIES", "-1"],
    ["TRUSTED_PROXIES", "all"],
    ["DATABASE_POOL_SIZE", "0"],
    ["DATABASE_POOL_SIZE", "many"],
    ["DATABASE_POOL_SIZE", "1.5"],
    ["DATABASE_POOL_SIZE", "9999"],
    ["STRIPE_SECRET_KEY", "pk_test_1"],
    ["STRIPE_SECRET_KEY", "sk_test_"],
    ["STRIPE_SECRET_KEY", "sk_prod_1"],
    ["STRIPE_PUBLISHABLE_KEY", "sk_test_1"],
    ["STRIPE_WEBHOOK_SECRET", "whsec_short"],
    ["STRIPE_WEBHOOK_SECRET", "secret_of_sixteen_and_more"],
    ["STRIPE_WEBHOOK_SECRET", "whsec_1234567890123456,"],
    ["STRIPE_WEBHOOK_SECRET", Array(3).fill("whsec_1234567890123456").join(",")],
    ["STRIPE_WEBHOOK_SECRET", "whsec_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ["STRIPE_API_BASE", "https://api.stripe.com"],
    ["STRIPE_API_BASE", "ftp://127.0.0.1:4242"],
    ["STRIPE_API_BASE", "http://127.0.0.1.example.com"],
    ["STRIPE_API_BASE", "http://10.0.0.1:4242"],
    ["STRIPE_API_BASE", "127.0.0.1:4242"],
    ["STRIPE_JS_URL", "https://evil.example.com/stripe.js"],
    ["SMTP_URL", "https://mail.example.com"],
    ["SUPPORT_EMAIL", "support@"],
    ["DEMO_MODE", "true"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
  ])("when %s is %o", (name, value) => {
    expect(() => parseEnv(testEnvironment({ [name]: value }))).toThrow(new RegExp(`^${name} `))
  })

  test.each([
    ["STRIPE_PUBLISHABLE_KEY", "of the other mode", { ...live, STRIPE_PUBLISHABLE_KEY: "pk_test_1" }],
    ["STRIPE_PUBLISHABLE_KEY", "live with a test key", { STRIPE_PUBLISHABLE_KEY: "pk_live_1" }],
    [
      "APP_URL",
      "of this machine, without https, with live keys",
      { ...live, APP_URL: "http://localhost:3000" },
    ],
    ["STRIPE_API_BASE", "set where others can reach the app", { APP_URL: "https://credits.example.com" }],
    ["STRIPE_API_BASE", "set with live keys", { ...live, STRIPE_API_BASE: "http://127.0.0.1:1" }],
    ["STRIPE_JS_URL", "set with live keys", { ...live, STRIPE_JS_URL: "http://127.0.0.1:1/stripe.js" }],
    ["STRIPE_JS_URL", "unset beside a stand-in", { STRIPE_JS_URL: undefined }],
    ["STRIPE_JS_URL", "set without a stand-in", { STRIPE_API_BASE: undefined }],
    ["GOOGLE_CLIENT_SECRET", "missing", { GOOGLE_CLIENT_ID: "id" }],
    ["GOOGLE_CLIENT_SECRET", "alone", { GOOGLE_CLIENT_SECRET: "secret" }],
    ["GITHUB_CLIENT_SECRET", "missing", { GITHUB_CLIENT_ID: "id" }],
    ["DEMO_MODE", "set with live keys", { ...live, ...demo }],
    [
      "DEMO_MODE",
      "set with a remote database",
      { ...demo, DATABASE_URL: "postgresql://u:p@db.example.com/credits_demo" },
    ],
    [
      "DEMO_MODE",
      "set with a database of another name",
      { ...demo, DATABASE_URL: "postgresql://u:p@127.0.0.1/credits" },
    ],
    ["SMTP_URL", "missing and nobody could sign in", { SMTP_URL: undefined }],
  ])("when %s is %s", (name, _, changes) => {
    expect(() => parseEnv(testEnvironment(changes))).toThrow(new RegExp(`^${name} `))
  })

  test("without showing a secret", () => {
    const secret = "sk_prod_very_secret"
    expect(() => parseEnv(testEnvironment({ STRIPE_SECRET_KEY: secret }))).not.toThrow(secret)
  })
})

describe("a start is accepted", () => {
  test.each([
    ["with a stand-in", {}],
    ["with live keys", live],
    ["with a restricted key", { ...live, STRIPE_SECRET_KEY: "rk_live_1" }],
    ["as a demo without mail", { ...demo, SMTP_URL: undefined }],
    ["with GitHub instead of mail", { SMTP_URL: "", GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" }],
    [
      "with what is optional left empty",
      { STRIPE_API_BASE: "", STRIPE_JS_URL: "", DEMO_MODE: "", MAIL_FROM: "" },
    ],
  ])("%s", (_, changes) => {
    expect(parseEnv(testEnvironment(changes))).toMatchObject({ NODE_ENV: "development" })
  })

  test("with one webhook secret, or two while one is replaced", () => {
    const [one, two] = ["whsec_k3jH8sQ0zXv7LmN2", "whsec_pR5tY9wB4cD6fG1h"]
    expect(parseEnv(testEnvironment({ STRIPE_WEBHOOK_SECRET: one })).STRIPE_WEBHOOK_SECRET).toEqual([one])
    const both = parseEnv(testEnvironment({ STRIPE_WEBHOOK_SECRET: `${one}, ${two}` }))
    expect(both.STRIPE_WEBHOOK_SECRET).toEqual([one, two])
  })

  test("and says whether others could take test payments for real ones", () => {
    const showsIt = (changes: Record<string, string | undefined>) =>
      isTestModeInPublic(parseEnv(testEnvironment(changes)))
    const inPublic = { APP_URL: "https://credits.example.com", STRIPE_API_BASE: "", STRIPE_JS_URL: "" }
    expect(showsIt(inPublic)).toBe(true)
    expect(showsIt({})).toBe(false)
    expect(showsIt(live)).toBe(false)
  })

  test("and a demo is one only when it says so", () => {
    expect(parseEnv(testEnvironment({ DEMO_MODE: "0" })).DEMO_MODE).toBe(false)
    expect(parseEnv(testEnvironment(demo)).DEMO_MODE).toBe(true)
  })
})
