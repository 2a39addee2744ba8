import { connect, type Socket } from "node:net"

const HEAD_END = Buffer.from("\r\n\r\n")
const CHUNKS_END = Buffer.from("0\r\n\r\n")

/** One kept connection with one request at a time, and no other work, so that the server is what is measured. */
export class HttpConnection {
  private readonly socket: Socket
  private received: Buffer = Buffer.alloc(0)
  private settle: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null

  constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port, noDelay: true })
    this.socket.on("data", (data) => this.take(data))
    this.socket.on("error", (error) => this.settle?.reject(error))
    this.socket.on("close", () => this.settle?.reject(new Error("The server closed the connection")))
  }

  /** Sends a whole request and resolves with the status, once the whole answer is there. */
  send(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
      this.socket.write(request)
    })
  }

  end(): void {
    this.settle = null
    this.socket.destroy()
  }

  private take(data: Buffer): void {
    this.received = this.received.length === 0 ? data : Buffer.concat([this.received, data])
    const headEnd = this.received.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = this.received.toString("latin1", 0, headEnd)
    if (!this.isWhole(head, headEnd + HEAD_END.length)) return
    this.received = Buffer.alloc(0)
    this.settle?.resolve(Number(head.slice(9, 12)))
  }

  private isWhole(head: string, bodyAt: number): boolean {
    const length = /^content-length: *(\d+)/im.exec(head)?.[1]
    if (length !== undefined) return this.received.length >= bodyAt + Number(length)
    if (!/^transfer-encoding: *chunked/im.test(head)) return true
    return this.received.subarray(-CHUNKS_END.length).equals(CHUNKS_END)
  }
}
