import { expect, test } from "vitest"
import { newId, toPublicId } from "@/lib/ids"
import { captureKey, usageKey } from "@/lib/metering/usage-key"
import { toReference } from "./reference"

const NONE = { entry: null, purchaseId: null, requestId: null, reversalId: null, stripeId: null }

test("ids of ours are known by their prefix, and any text can be a usage key", () => {
  const id = newId()
  const [purchase, request, hold] = (["pur", "creq", "hold"] as const).map((prefix) => toPublicId(prefix, id))
  expect(toReference(purchase ?? "")).toMatchObject({ ...NONE, purchaseId: id, stripeId: purchase })
  expect(toReference(request ?? "")).toMatchObject({ ...NONE, requestId: id, stripeId: request })
  expect(toReference("ent_2_17").entry).toEqual({ poolNo: 2, seq: 17n })
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
