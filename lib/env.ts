import { deflateRawSync } from "node:zlib"
import { z } from "zod"
import { perProcess } from "@/lib/per-process"

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"])
/** The names of the demo's and the browser tests' databases begin with this. One-click sign-in never opens any other. */
const DEMO_DATABASE_PREFIX = "credits_demo"

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text))
const isUrl = (text: string) => URL.canParse(text)
const isPort = (text: string) => /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65_535

/** The allowed requests per minute. */
const rate = (usual: number) =>
  z
    .string()
    .optional()
    .transform((text) => text || String(usual))
    .refine((text) => /^[1-9][0-9]{0,8}$/.test(text), "must be a whole number of requests per minute")
    .transform(Number)

const variables = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  APP_URL: z
    .string("is missing: the address that people open, such as https://credits.example.com")
    .refine(isOrigin, "must be one origin such as https://credits.example.com, without a path or wildcard")
    .refine(
      (text) => text.startsWith("https://") || isLoopback(text),
      "must use https, because sign-in cookies travel over it",
    ),
  AUTH_SECRET: z
    .string("is missing: make one with `openssl rand -base64 32`")
    .min(32, "must have at least 32 characters: make one with `openssl rand -base64 32`")
    .refine(
      (text) => !isGuessable(text, 24),
      "is too easy to guess: make one with `openssl rand -base64 32`",
    ),
  DATABASE_URL: z
    .string("is missing: postgresql://user:password@host:5432/database")
    .refine(
      (text) => isUrl(text) && /^postgres(ql)?:/.test(text),
      "must look like postgresql://user:password@host:5432/database",
    ),
  API_PORT: optionalText
    .default("3001")
    .refine((text) => isPort(text), "must be a port from 1 to 65535")
    .transform(Number),
  API_RATE_PER_KEY: rate(60_000),
  API_RATE_PER_ADDRESS: rate(120_000),
  API_RATE_UNKNOWN_KEYS: rate(300),
  TRUSTED_PROXIES: z.coerce.number("must be a whole number").int().min(1).max(9).default(1),
  DATABASE_POOL_SIZE: z.coerce.number("must be a whole number").int().min(1).max(200).default(10),
  STRIPE_SECRET_KEY: z
    .string("is missing: the secret key from Stripe’s dashboard, sk_test_… or sk_live_…")
    .regex(/^[sr]k_(test|live)_\w+$/, "must be a secret key: sk_test_… or sk_live_…"),
  STRIPE_PUBLISHABLE_KEY: z
    .string("is missing: the publishable key from Stripe’s dashboard, pk_test_… or pk_live_…")
    .regex(/^pk_(test|live)_\w+$/, "must be a publishable key: pk_test_… or pk_live_…"),
  STRIPE_WEBHOOK_SECRET: z
    .string("is missing: the signing secret of the webhook endpoint, whsec_…")
    .transform((text) => text.split(",").map((secret) => secret.trim()))
    .refine(
      (secrets) => secrets.length <= 2 && secrets.every((secret) => /^whsec_\S{16,}$/.test(secret)),
      "must be one signing secret whsec_…, or two with a comma between while you rotate",
    )
    .refine(
      (secrets) => !secrets.some((secret) => isGuessable(secret.slice("whsec_".length), 14)),
      "is too easy to guess: copy the signing secret from Stripe’s dashboard",
    ),
  STRIPE_API_BASE: optionalText.refine(
    (text) => !text || isLoopback(text),
    "is for a Stripe stand-in on this machine only: http://127.0.0.1:port",
  ),
  STRIPE_JS_URL: optionalText.refine(
    (text) => !text || isLoopback(text),
    "is for a Stripe stand-in on this machine only: http://127.0.0.1:port/stripe.js",
  ),
  CREDIT_INVOICES: z
    .enum(["", "0", "1"], "must be 0 or 1")
    .optional()
    .transform((text) => text !== "0"),
  SMTP_URL: optionalText.refine(
    (text) => !text || (isUrl(text) && /^smtps?:/.test(text)),
    "must look like smtp://user:password@host:587",
  ),
  MAIL_FROM: optionalText.default("Credits <no-reply@localhost>"),
  SUPPORT_EMAIL: optionalText.refine(
    (text) => !text || z.email().safeParse(text).success,
    "must be an address such as support@example.com",
  ),
  PROVIDER_DETAILS: optionalText
    .default("Credits")
    .transform((text) => text.split("|").map((line) => line.trim()))
    .refine(
      (lines) => lines.length <= 8 && lines.every((line) => line !== "" && line.length <= 100),
      "must be up to eight lines with | between: Example Ltd | 1 Example Street | London",
    ),
  GOOGLE_CLIENT_ID: optionalText,
  GOOGLE_CLIENT_SECRET: optionalText,
  GITHUB_CLIENT_ID: optionalText,
  GITHUB_CLIENT_SECRET: optionalText,
  WEBHOOK_LOOPBACK: z
    .enum(["", "0", "1"], "must be 1 or unset")
    .optional()
    .transform((text) => text === "1"),
  DEMO_MODE: z
    .enum(["", "0", "1"], "must be 1 or unset")
    .optional()
    .transform((text) => text === "1"),
})

export type Env = z.output<typeof variables>

/**
 * Parses the environment. Throws one line that names the variable, so that a wrong setting stops the start instead of
 * a customer's payment.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = variables.safeParse(source)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`${String(issue?.path[0])} ${issue?.message}`)
  }
  const refusal = refuseDangerous(parsed.data)
  if (refusal) throw new Error(refusal)
  return parsed.data
}

function refuseDangerous(vars: Env): string | null {
  const isLive = vars.STRIPE_SECRET_KEY.includes("_live_")
  if (isLive !== vars.STRIPE_PUBLISHABLE_KEY.includes("_live_"))
    return "STRIPE_PUBLISHABLE_KEY must be of the same mode as STRIPE_SECRET_KEY: both test or both live"
  if (isLive && !vars.APP_URL.startsWith("https://"))
    return "APP_URL must use https with live keys: what people pay with travels over it"
  if (isLive && vars.STRIPE_API_BASE)
    return "STRIPE_API_BASE must be unset with live keys: a stand-in moves no money"
  if (isLive && vars.STRIPE_JS_URL)
    return "STRIPE_JS_URL must be unset with live keys: the payment form comes from Stripe"
  if (Boolean(vars.STRIPE_API_BASE) !== Boolean(vars.STRIPE_JS_URL))
    return "STRIPE_JS_URL and STRIPE_API_BASE belong together: set both for a stand-in, neither for Stripe"
  if (vars.STRIPE_API_BASE && !isLoopback(vars.APP_URL))
    return "STRIPE_API_BASE must be unset where others can reach the app: a stand-in credits what nobody paid"
  if (Boolean(vars.GOOGLE_CLIENT_ID) !== Boolean(vars.GOOGLE_CLIENT_SECRET))
    return "GOOGLE_CLIENT_SECRET and GOOGLE_CLIENT_ID belong together: set both or neither"
  if (Boolean(vars.GITHUB_CLIENT_ID) !== Boolean(vars.GITHUB_CLIENT_SECRET))
    return "GITHUB_CLIENT_SECRET and GITHUB_CLIENT_ID belong together: set both or neither"
  if (vars.WEBHOOK_LOOPBACK && !isLoopback(vars.APP_URL))
    return "WEBHOOK_LOOPBACK must be unset where others can reach the app: webhooks could then be sent to this machine"
  if (vars.DEMO_MODE && isLive)
    return "DEMO_MODE must be unset with live keys: it lets anybody sign in with one click"
  if (vars.DEMO_MODE && !isLoopback(vars.APP_URL))
    return "DEMO_MODE must be unset where others can reach the app: it lets anybody sign in with one click"
  if (vars.DEMO_MODE && !isDemoDatabase(vars.DATABASE_URL))
    return `DEMO_MODE must be unset with a real database: it lets anybody sign in with one click (a demo database is on this machine and its name begins with ${DEMO_DATABASE_PREFIX})`
  if (!vars.DEMO_MODE && !vars.SMTP_URL && !vars.GOOGLE_CLIENT_ID && !vars.GITHUB_CLIENT_ID)
    return "SMTP_URL is missing: without it, GOOGLE_CLIENT_ID or GITHUB_CLIENT_ID nobody could sign in"
  return null
}

function isLoopback(url: string): boolean {
  return isUrl(url) && /^https?:/.test(url) && LOOPBACK_HOSTS.has(new URL(url).hostname)
}

function isOrigin(text: string): boolean {
  if (!isUrl(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  return origin === text && /^https?:$/.test(protocol) && /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(hostname)
}

/** Whether a secret is a placeholder, a repeated word or a row of keys. Random text doesn't shrink when compressed. */
function isGuessable(secret: string, leastBytes: number): boolean {
  const neighbours = [...secret].filter((char, index) => {
    const step = char.charCodeAt(0) - secret.charCodeAt(index - 1)
    return index > 0 && Math.abs(step) <= 1
  })
  return (
    /change.?me|replace|placeholder|password|example|your.?secret|qwerty/i.test(secret) ||
    neighbours.length > secret.length / 3 ||
    deflateRawSync(secret, { level: 9 }).byteLength < leastBytes
  )
}

/** Whether people could take pretended payments for real ones: test keys where others can reach the app. */
export function isTestModeInPublic({ STRIPE_SECRET_KEY, APP_URL }: Env): boolean {
  return !STRIPE_SECRET_KEY.includes("_live_") && !isLoopback(APP_URL)
}

function isDemoDatabase(databaseUrl: string): boolean {
  const url = new URL(databaseUrl)
  // A query could name a host other than the one in front.
  return (
    LOOPBACK_HOSTS.has(url.hostname) &&
    url.search === "" &&
    url.pathname.startsWith(`/${DEMO_DATABASE_PREFIX}`)
  )
}

/** The environment of this process, checked on first use. */
export function env(): Env {
  return perProcess("env", () => parseEnv(process.env))
}
