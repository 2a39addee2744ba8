import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { API_EXAMPLES, toCurl } from "./api-examples"

test("each example has an address of its own within its page", () => {
  const ids = API_EXAMPLES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test.each(API_EXAMPLES)("$id: a shell reads the command as the request that it shows", (example) => {
  const printArguments = 'curl() { printf "%s\\0" "$@"; }\n'
  const env = { ...process.env, CREDITS_URL: "https://credits.example.com", CREDITS_API_KEY: "ck_example" }
  const output = execFileSync("sh", ["-euc", printArguments + toCurl(example)], { env, encoding: "utf8" })
  const args = output.split("\0").slice(0, -1)
  expect(args).toContain(`https://credits.example.com${example.path}`)
  expect(args).toContain("Authorization: Bearer ck_example")
  expect(args.includes("-d") || args[1] === "POST" ? "POST" : "GET").toBe(example.method)
  if (example.idempotencyKey) expect(args).toContain(`Idempotency-Key: ${example.idempotencyKey}`)
  const body = args[args.indexOf("-d") + 1]
  expect(args.includes("-d") ? JSON.parse(body ?? "") : undefined).toEqual(example.body)
})

test("every recording example carries a key, for the request or for each record", () => {
  for (const { id, path, idempotencyKey, body } of API_EXAMPLES) {
    // Some requests record nothing, and a hold or a task is settled only once.
    if (/preflight|capture|complete/.test(path) || body === undefined) continue
    const records = (body as { records?: { key?: string }[] }).records
    expect(records ? records.every(({ key }) => key) : idempotencyKey, id).toBeTruthy()
  }
})
