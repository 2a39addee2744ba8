import { api } from "@/lib/api/app"
import { startApi } from "@/lib/api/serve"
import { answerParent } from "../setup/child"

/** Serves the API as `npm run api` does, with routes for comparison. Answers with its port. */
answerParent(async () => {
  api.post("/empty", () => new Response(null, { status: 204 }))
  api.post("/body", async (c) => c.json(await c.req.json()))
  const { port } = await startApi({ port: 0, hostname: "127.0.0.1" })
  return port
})
