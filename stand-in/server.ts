import type { AddressInfo } from "node:net"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import { Hono } from "hono"
import { Api } from "./api/api"
import { RequestLog } from "./api/request-log"
import { fillAgenda, keepAppointment } from "./appointments"
import { hearEvent } from "./billing/hear"
import { Contract } from "./contract/check"
import { type ControlClient, controlClient } from "./control/client"
import type { ControlParts } from "./control/parts"
import { controlApp } from "./control/routes"
import { addEndpoint } from "./control/webhook-routes"
import { Faults } from "./faults/faults"
import { pagesApp } from "./pages/app"
import { ROUTES } from "./routes/routes"
import { Webhooks } from "./webhooks/webhooks"
import { Agenda } from "./world/agenda"
import { Clock } from "./world/clock"
import { Dashboard } from "./world/dashboard"
import { readEvent } from "./world/events"
import { Steering } from "./world/steering"
import { Store } from "./world/store"
import type { World } from "./world/world"

export interface StandInOptions {
  /** 0 takes a free one. */
  port: number
  /** Without it everything is forgotten at the end. */
  dataDir?: string
  webhook?: { url: string; secret: string }
  /** Checks every request and answer against the SDK's types. */
  contract?: boolean
}

export interface StripeStandIn {
  url: string
  control: ControlClient
  close: () => Promise<void>
}

type App = Hono<{ Bindings: HttpBindings }>

function buildWorld(store: Store): World {
  const clock = new Clock(store)
  const world: World = {
    store,
    clock,
    agenda: new Agenda(clock, (appointment) => keepAppointment(world, appointment)),
    steering: new Steering(),
    dashboard: new Dashboard(),
    baseUrl: "",
    request: null,
    onEvent: () => undefined,
  }
  fillAgenda(world)
  return world
}

function buildApp(parts: ControlParts): App {
  const app: App = new Hono()
  const api = new Api({ ...parts, routes: ROUTES })
  app.all("/v1/*", async (c) => {
    const { pathname, search } = new URL(c.req.url)
    const body = c.req.method === "GET" ? "" : await c.req.text()
    const answer = await api.answer({
      method: c.req.method,
      path: pathname,
      query: search.slice(1),
      body,
      header: (name) => c.req.header(name),
    })
    if (answer) return new Response(answer.body, { status: answer.status, headers: answer.headers })
    c.env.incoming.socket.destroy()
    return new Response(null)
  })
  app.route("/_control", controlApp(parts))
  app.route("/", pagesApp(parts.world))
  return app
}

async function listen(app: App, port: number) {
  const server = createAdaptorServer({ fetch: app.fetch })
  // On a busy machine a client easily pauses longer than the usual five seconds, and its next call would be cut off.
  if ("keepAliveTimeout" in server) server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  return server
}

export async function startStripeStandIn(options: StandInOptions): Promise<StripeStandIn> {
  const contract = options.contract ? await Contract.load() : null
  const store = new Store(options.dataDir)
  const world = buildWorld(store)
  const webhooks = new Webhooks(world)
  world.onEvent = (event) => {
    contract?.checkEvent(readEvent(world, event))
    webhooks.schedule(event)
    hearEvent(world, event)
  }
  const app = buildApp({ world, webhooks, contract, faults: new Faults(), log: new RequestLog() })
  const server = await listen(app, options.port)
  world.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (options.webhook) addEndpoint({ world }, options.webhook)
  // Before the first request: whoever asks after a pause would see a checkout still open that ended meanwhile.
  world.agenda.run()
  webhooks.wake()
  const ticking = setInterval(() => world.agenda.run(), 1000)
  return {
    url: world.baseUrl,
    control: controlClient(world.baseUrl),
    close: async () => {
      clearInterval(ticking)
      webhooks.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
      store.close()
    },
  }
}
