import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { RunningProcess } from "@/dev/stack/processes"

/** Lets a browser test kill the worker, and start another if none runs: `POST /kill`, `POST /start`. */
export async function startWorkerControl(
  first: RunningProcess,
  startWorker: () => RunningProcess,
): Promise<{ url: string; stop: () => Promise<void> }> {
  let worker: RunningProcess | null = first
  const server = createServer(async (request, response) => {
    if (request.url === "/kill") {
      await worker?.stop("SIGKILL")
      worker = null
    }
    if (request.url === "/start") worker ??= startWorker()
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
