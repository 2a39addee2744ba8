import type { Hono } from "hono"
import type Stripe from "stripe"
import { closeDispute, escalateInquiry, openDispute } from "../money-back/disputes"
import { warnOfFraud } from "../money-back/fraud-warnings"
import { cancelRefund, failRefund, refundCharge, succeedRefund } from "../money-back/refunds"
import { resourceMissing } from "../notation/errors"
import { requireDispute } from "../objects/dispute"
import { requireRefund } from "../objects/refund"
import type { World } from "../world/world"
import { bodyOf } from "./body"
import {
  disputeEndSchema,
  disputeSchema,
  fraudWarningSchema,
  refundFailureSchema,
  refundSchema,
} from "./money-back-schemas"
import type { ControlParts } from "./parts"

function requireCharge(world: World, id: string): Stripe.Charge {
  const charge = world.store.get("charge", id)
  if (!charge) throw resourceMissing("charge", id)
  return charge
}

function refunds(app: Hono, { world }: ControlParts): void {
  app.post("/charges/:id/refund", async (c) => {
    const charge = requireCharge(world, c.req.param("id"))
    return c.json(refundCharge(world, charge, await bodyOf(c, refundSchema)))
  })
  app.post("/refunds/:id/succeed", (c) => {
    const refund = requireRefund(world, c.req.param("id"))
    succeedRefund(world, refund)
    return c.json(refund)
  })
  app.post("/refunds/:id/fail", async (c) => {
    const refund = requireRefund(world, c.req.param("id"))
    failRefund(world, refund, (await bodyOf(c, refundFailureSchema)).reason)
    return c.json(refund)
  })
  app.post("/refunds/:id/cancel", (c) => {
    const refund = requireRefund(world, c.req.param("id"))
    cancelRefund(world, refund, "dashboard")
    return c.json(refund)
  })
}

function disputes(app: Hono, { world }: ControlParts): void {
  app.post("/charges/:id/dispute", async (c) => {
    const charge = requireCharge(world, c.req.param("id"))
    return c.json(openDispute(world, charge, await bodyOf(c, disputeSchema)))
  })
  app.post("/charges/:id/fraud_warning", async (c) => {
    const charge = requireCharge(world, c.req.param("id"))
    return c.json(warnOfFraud(world, charge, (await bodyOf(c, fraudWarningSchema)).fraud_type))
  })
  app.post("/disputes/:id/escalate", (c) =>
    c.json(escalateInquiry(world, requireDispute(world, c.req.param("id")))),
  )
  app.post("/disputes/:id/close", async (c) => {
    const { outcome } = await bodyOf(c, disputeEndSchema)
    return c.json(closeDispute(world, requireDispute(world, c.req.param("id")), outcome))
  })
}

/** Acts of banks, and of people in the Dashboard, on payments. */
export function moneyBackControl(app: Hono, parts: ControlParts): void {
  refunds(app, parts)
  disputes(app, parts)
}
