import { expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { captureKey, usageKey } from "@/lib/metering/usage-key"
import { toReference } from "./reference"
import { toSearchText } from "./schema"

const NONE = { purchaseId: null, requestId: null, reversalId: null, stripeId: null }

test("ids of ours are known by their prefix, and any text can be a usage key", () => {
  const id = newId()
  const [purchase, request, hold] = (["pur", "creq", "hold"] as const).map((prefix) => toPublicId(prefix, id))
  expect(toReference(purchase ?? "")).toMatchObject({ ...NONE, purchaseId: id, stripeId: purchase })
  expect(toReference(request ?? "")).toMatchObject({ ...NONE, requestId: id, stripeId: request })
  expect(toReference(hold ?? "").usageKeys).toEqual([usageKey(hold ?? "", "").key, captureKey(id).key])
  expect(toReference("nightly index/42")).toEqual({
    ...NONE,
    usageKeys: [usageKey("nightly index/42", "").key],
  })
})

test.each(["pi_3Q%", "pi_", "pi_1 2", "PI_1", "%_1", toPublicId("member", newId()).replace("_", "")])(
  "%s is no id at Stripe",
  (text) => {
    expect(toReference(text)).toMatchObject(NONE)
  },
)

test("of a whole API key only its visible end is looked for", () => {
  const key = `ck_${"0".repeat(26)}_${"s".repeat(39)}a1-B`
  expect(toSearchText(` ${key}\n`)).toBe("ck_…a1-B")
  expect(toSearchText(key.slice(0, -1))).toBe(key.slice(0, -1))
})

test.each([
  ["  Ada\u0000Marlow\r\n", "Ada Marlow"],
  ["\u202eAda\u202c", "Ada"],
  ["\u200fمحمد", "محمد"],
  ["Zoe\u0308", "Zoë"],
  ["\ud800", ""],
  ["👩‍🔬", "👩‍🔬"],
])("%j is read as %j", (typed, text) => {
  expect(toSearchText(typed)).toBe(text)
})
