import { z } from "zod"
import { paginate } from "../api/paging"
import { type Route, route } from "../api/route"
import { itemParams } from "../billing/hand-invoice-params"
import { createInvoiceItem } from "../billing/invoice-items"
import { resourceMissing } from "../notation/errors"
import { expand, paging, text } from "../notation/params"
import { requireKnownCustomer } from "../objects/customer"

export const invoiceItemRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/invoiceitems",
    request: "InvoiceItemCreateParams",
    answer: "InvoiceItem",
    params: itemParams,
    run: ({ world, params }) => createInvoiceItem(world, params),
  }),
  route({
    method: "GET",
    path: "/v1/invoiceitems",
    request: "InvoiceItemListParams",
    answer: ["InvoiceItem"],
    params: z.strictObject({ ...paging, customer: text.optional(), invoice: text.optional() }),
    run: ({ world, params: { customer, invoice, ...page } }) => {
      requireKnownCustomer(world, customer)
      const rows = world.store
        .list("invoice_item")
        .filter((row) => (!customer || row.customer === customer) && (!invoice || row.invoice === invoice))
      return paginate(rows.reverse(), page, "/v1/invoiceitems")
    },
  }),
  route({
    method: "GET",
    path: "/v1/invoiceitems/:id",
    answer: "InvoiceItem",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const found = world.store.get("invoice_item", ids.id ?? "")
      if (!found) throw resourceMissing("invoiceitem", ids.id ?? "")
      return found
    },
  }),
]
