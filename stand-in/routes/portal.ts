import { z } from "zod"
import { paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import {
  type Configuration,
  createConfiguration,
  requireConfiguration,
  updateConfiguration,
} from "../billing/portal-configuration"
import { configurationParams, newConfigurationParams, sessionParams } from "../billing/portal-params"
import { createPortalSession } from "../billing/portal-session"
import { bool, expand, paging } from "../notation/params"

const all = "/v1/billing_portal/configurations"

export const portalRoutes: Route[] = [
  route({
    method: "POST",
    path: all,
    request: "BillingPortal.ConfigurationCreateParams",
    answer: "BillingPortal.Configuration",
    params: newConfigurationParams,
    run: ({ world, params }) => createConfiguration(world, params),
  }),
  route({
    method: "GET",
    path: all,
    request: "BillingPortal.ConfigurationListParams",
    answer: ["BillingPortal.Configuration"],
    params: z.strictObject({ ...paging, active: bool.optional(), is_default: bool.optional() }),
    run: ({ world, params: { active, is_default: isDefault, ...page } }) =>
      paginateTable(
        world.store.table("portal_configuration"),
        page,
        all,
        (row: Configuration) =>
          (active === undefined || row.active === active) &&
          (isDefault === undefined || row.is_default === isDefault),
      ),
  }),
  route({
    method: "GET",
    path: `${all}/:id`,
    answer: "BillingPortal.Configuration",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => requireConfiguration(world, ids.id ?? ""),
  }),
  route({
    method: "POST",
    path: `${all}/:id`,
    request: "BillingPortal.ConfigurationUpdateParams",
    answer: "BillingPortal.Configuration",
    params: configurationParams,
    run: ({ world, ids, params }) =>
      updateConfiguration(world, requireConfiguration(world, ids.id ?? ""), params),
  }),
  route({
    method: "POST",
    path: "/v1/billing_portal/sessions",
    request: "BillingPortal.SessionCreateParams",
    answer: "BillingPortal.Session",
    params: sessionParams,
    run: ({ world, params }) => createPortalSession(world, params),
  }),
]
