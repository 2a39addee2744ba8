import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { ROOT } from "@/dev/stack/build"
import { WEBHOOK_SECRET } from "@/dev/testing/secrets"
import { toPublicId } from "@/lib/ids"
import { expect, required, test } from "./fixtures"

function nonceOf(policy: string): string {
  return /'nonce-([^']+)'/.exec(policy)?.[1] ?? ""
}

test("every page forbids frames, foreign scripts, sniffing and shared caches, with a nonce of its own", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  const nonces = new Set<string>()
  const check = async (path: string, status: number) => {
    const response = await page.request.get(path, {
      maxRedirects: 0,
      headers: { "x-nonce": "mine", "content-security-policy": "script-src 'nonce-mine'" },
    })
    expect(response.status(), path).toBe(status)
    const headers = response.headers()
    const policy = headers["content-security-policy"] ?? ""
    expect(policy, path).toContain("frame-ancestors 'none'")
    expect(policy, path).toContain("default-src 'self'")
    expect(policy, path).toContain("object-src 'none'")
    expect(policy, path).toContain("base-uri 'none'")
    expect(policy, path).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
    expect(headers["cache-control"], path).toMatch(/private.*no-store/)
    expect(headers["x-content-type-options"], path).toBe("nosniff")
    expect(headers["x-frame-options"], path).toBe("DENY")
    expect(headers["referrer-policy"], path).toBe("strict-origin-when-cross-origin")
    expect(headers["cross-origin-opener-policy"], path).toBe("same-origin-allow-popups")
    expect(headers["x-powered-by"], path).toBeUndefined()
    const nonce = nonceOf(policy)
    expect(nonce.length, path).toBeGreaterThan(20)
    expect(nonces.has(nonce), path).toBe(false)
    nonces.add(nonce)
    const body = await response.text()
    expect(body, path).not.toContain('nonce="mine"')
    for (const [tag] of body.matchAll(/<script\b[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`)
  }
  for (const path of [
    "/sign-in",
    "/sign-in",
    "/sign-in?error=x",
    "/sign-in/check-your-email",
    "/outbox",
    "/reference",
    "/reference/api-and-sdk/troubleshooting/errors/not-found",
  ])
    await check(path, 200)
  await check("/", 307)
  await check("/teams", 307)
  await check(billingPath, 307)
  await signInAs(team.owner)
  const pool = toPublicId("pool", team.owner.poolId)
  for (const path of ["/teams", billingPath, `${billingPath}?pool=${pool}`, `${billingPath}/transactions`])
    await check(path, 200)
  for (const path of [`${billingPath}/return`, "/nobody/settings", "/a/b/c/d/e", "/icon.svgs", "/icon-svg"])
    await check(path, 404)
})

test("an answer that isn’t a page is not sniffed, runs nothing and stays on https, found or not", async ({
  page,
}) => {
  const [script] = await readdir(join(ROOT, ".next", "static", "chunks"))
  for (const path of [
    "/api/health",
    "/api/v1/balance",
    "/api/auth/session",
    "/api/nothing",
    "/api/nothing/at/all",
    "/icon.svg",
    `/_next/static/chunks/${script}`,
    "/_next/static/chunks/nothing.js",
  ]) {
    const read = async (headers: Record<string, string>) =>
      (await page.request.get(path, { headers, maxRedirects: 0 })).headers()
    const byHttp = await read({})
    expect(byHttp["x-content-type-options"], path).toBe("nosniff")
    expect(byHttp["content-security-policy"], path).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(byHttp["strict-transport-security"], path).toBeUndefined()
    const byHttps = await read({ "x-forwarded-proto": "https" })
    expect(byHttps["strict-transport-security"], path).toBe("max-age=63072000; includeSubDomains")
  }
})

test("the demo answers nobody who comes from outside this machine", async ({ page }) => {
  for (const [name, value] of [
    ["host", "demo.tunnel.example"],
    ["x-forwarded-host", "demo.tunnel.example"],
    ["x-forwarded-for", "203.0.113.7"],
    ["cf-connecting-ip", "203.0.113.7"],
  ] as const)
    for (const path of ["/sign-in", "/outbox"]) {
      const answer = await page.request.get(path, { headers: { [name]: value } })
      expect(answer.status(), `${name} ${path}`).toBe(403)
      expect(await answer.text()).toContain("The demo answers on its own machine only.")
    }
})

test("the answers for programs are not kept by caches either", async ({
  page,
  team,
  billingPath,
  signInAs,
}) => {
  await signInAs(team.owner)
  const response = await page.request.get(billingPath, { headers: { rsc: "1" } })
  expect(response.headers()["cache-control"]).toMatch(/private.*no-store/)
  expect(response.headers().vary).toContain("rsc")
})

test("no secret is in what browsers get", async ({ page, team, billingPath, signInAs }) => {
  await signInAs(team.owner)
  const secrets = [
    /sk_(test|live)_\w+/,
    /whsec_\w+/,
    new RegExp(WEBHOOK_SECRET),
    new RegExp(required("E2E_AUTH_SECRET")),
    /postgres(ql)?:\/\//,
    /AUTH_SECRET|STRIPE_SECRET_KEY|DATABASE_URL/,
  ]
  const texts: [string, string][] = []
  const folder = join(ROOT, ".next", "static")
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    expect(entry.name).not.toMatch(/\.map$/)
    if (!/\.(js|css|json|txt)$/.test(entry.name)) continue
    texts.push([entry.name, await readFile(join(entry.parentPath, entry.name), "utf8")])
  }
  for (const path of ["/sign-in", "/teams", billingPath, `${billingPath}/transactions`, "/no/such/page"]) {
    texts.push([path, await (await page.request.get(path)).text()])
    texts.push([`${path} (rsc)`, await (await page.request.get(path, { headers: { rsc: "1" } })).text()])
  }
  expect(texts.length).toBeGreaterThan(20)
  for (const [name, text] of texts) for (const secret of secrets) expect(text, name).not.toMatch(secret)
})
