import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export type Received = { path: string; headers: IncomingHttpHeaders; body: string }
type Answer = (response: ServerResponse, received: Received) => void

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (response) => {
    response.writeHead(status, headers)
    response.end(body)
  }

/** Starts a customer's webhook receiver on this machine. Its answer can be changed while it runs. */
export async function startReceiver(answer: Answer = answering(200)) {
  const received: Received[] = []
  const state = { answer }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const one = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(one)
      state.answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    answerWith: (next: Answer) => {
      state.answer = next
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
