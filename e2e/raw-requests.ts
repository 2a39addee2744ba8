import { connect, type Socket } from "node:net"
import { required } from "./fixtures"

/** Opens a connection to the app that has sent the head of a request and nothing of its body. */
export function openRequest(method: string, path: string, headers: Record<string, string>): Socket {
  const { port, host } = new URL(required("E2E_APP_URL"))
  const socket = connect(Number(port), "127.0.0.1")
  // The server may be done with it before we are.
  socket.on("error", () => undefined)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`)
  return socket
}

/** Resolves with the status of the answer that comes on a connection. */
export function statusOf(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once("data", (data) => resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(String(data))?.[1])))
    socket.once("close", () => reject(new Error("Closed without an answer")))
  })
}

/** Resolves when the server has closed the connection. */
export function closed(socket: Socket): Promise<void> {
  socket.resume()
  return new Promise((resolve) => socket.once("close", () => resolve()))
}
