import { z } from "zod"
import { type Route, route } from "../api/route"
import { invoiceParams } from "../billing/hand-invoice-params"
import { attachPayment, createInvoice, finalizeByHand } from "../billing/hand-invoices"
import { requireEditable } from "../billing/invoice-items"
import { bool, emptyable, expand, mergeMetadata, metadata, text } from "../notation/params"
import { requireInvoice } from "../objects/invoice"
import { emit } from "../world/events"

const one = "/v1/invoices/:id"

export const handInvoiceRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/invoices",
    request: "InvoiceCreateParams",
    answer: "Invoice",
    params: invoiceParams,
    run: ({ world, params }) => createInvoice(world, params),
  }),
  route({
    method: "POST",
    path: one,
    request: "InvoiceUpdateParams",
    answer: "Invoice",
    params: z.strictObject({
      description: emptyable.optional(),
      expand,
      footer: emptyable.optional(),
      metadata: metadata.optional(),
    }),
    run: ({ world, ids, params: { description, footer, metadata: given } }) => {
      const invoice = requireInvoice(world, ids.id ?? "")
      if (description !== undefined || footer !== undefined) requireEditable(invoice)
      world.store.change("invoice", invoice, {
        description: description === undefined ? invoice.description : description || null,
        footer: footer === undefined ? invoice.footer : footer || null,
        metadata: mergeMetadata(invoice.metadata, given),
      })
      emit(world, "invoice.updated", invoice)
      return invoice
    },
  }),
  route({
    method: "POST",
    path: `${one}/finalize`,
    request: "InvoiceFinalizeInvoiceParams",
    answer: "Invoice",
    params: z.strictObject({ auto_advance: bool.optional(), expand }),
    run: ({ world, ids, params }) =>
      finalizeByHand(world, requireInvoice(world, ids.id ?? ""), params.auto_advance),
  }),
  route({
    method: "POST",
    path: `${one}/attach_payment`,
    request: "InvoiceAttachPaymentParams",
    answer: "Invoice",
    params: z.strictObject({ expand, payment_intent: text }),
    run: ({ world, ids, params }) =>
      attachPayment(world, requireInvoice(world, ids.id ?? ""), params.payment_intent),
  }),
  route({
    method: "DELETE",
    path: one,
    answer: "DeletedInvoice",
    params: z.strictObject({}),
    run: ({ world, ids }) => {
      const invoice = requireInvoice(world, ids.id ?? "")
      requireEditable(invoice)
      world.store.remove("invoice", invoice.id)
      emit(world, "invoice.deleted", invoice)
      return { id: invoice.id, object: "invoice", deleted: true }
    },
  }),
]
