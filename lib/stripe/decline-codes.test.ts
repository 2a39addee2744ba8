import { describe, expect, test } from "vitest"
import { DECLINE_CODES } from "@/stand-in/cards/decline-codes"
import { decideDecline } from "./decline-codes"

describe("a declined charge", () => {
  test.each([
    "stolen_card",
    "lost_card",
    "pickup_card",
    "fraudulent",
    "restricted_card",
    "revocation_of_authorization",
    "revocation_of_all_authorizations",
    "stop_payment_order",
    "do_not_try_again",
    "expired_card",
    "incorrect_cvc",
  ])("with %s is final for the card", (declineCode) => {
    expect(decideDecline({ code: "card_declined", declineCode })).toMatchObject({
      code: declineCode,
      kind: "final",
    })
  })

  test.each(["insufficient_funds", "do_not_honor", "generic_decline", "try_again_later", "processing_error"])(
    "with %s may pass later",
    (declineCode) => {
      expect(decideDecline({ code: "card_declined", declineCode })).toMatchObject({
        code: declineCode,
        kind: "wait",
      })
    },
  )

  test("is final by either of its two codes", () => {
    expect(decideDecline({ code: "expired_card" })).toMatchObject({ code: "expired_card", kind: "final" })
    expect(decideDecline({ code: "incorrect_cvc", declineCode: "generic_decline" })).toMatchObject({
      code: "incorrect_cvc",
      kind: "final",
    })
    expect(decideDecline({ code: "card_declined", declineCode: "lost_card" })).toMatchObject({
      kind: "final",
    })
  })

  test("is final when the bank advises so, whatever its code", () => {
    const declined = { code: "card_declined", declineCode: "generic_decline" }
    expect(decideDecline({ ...declined, adviceCode: "do_not_try_again" }).kind).toBe("final")
    expect(decideDecline({ ...declined, adviceCode: "confirm_card_data" }).kind).toBe("final")
    expect(decideDecline({ ...declined, adviceCode: "try_again_later" }).kind).toBe("wait")
  })

  test("with a code that nobody foresaw may pass, and keeps its code", () => {
    const odd = { code: "card_declined", declineCode: "constructor" }
    expect(decideDecline(odd)).toEqual({
      code: "constructor",
      kind: "wait",
      words: "Your bank declined the charge.",
    })
    expect(decideDecline({})).toMatchObject({ code: "card_declined", kind: "wait" })
  })

  test.each(["stolen_card", "lost_card", "pickup_card", "fraudulent"])(
    "doesn’t tell a thief that the bank knows: %s",
    (declineCode) => {
      expect(decideDecline({ declineCode }).words).not.toMatch(/stolen|lost|fraud|pick/i)
    },
  )

  test.each(DECLINE_CODES)("has words of its own for every code that Stripe documents: %s", (declineCode) => {
    expect(decideDecline({ declineCode }).words).not.toBe("Your bank declined the charge.")
  })
})
