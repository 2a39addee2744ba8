import { createSocket, type RemoteInfo } from "node:dgram"
import ipaddr from "ipaddr.js"

const TYPES: Record<number, "a" | "aaaa"> = { 1: "a", 28: "aaaa" }
type Names = Record<string, { a?: string[]; aaaa?: string[] }>

/**
 * Starts a real name server on this machine, which knows only these names. A silent one keeps every question until it
 * is told to answer.
 */
export async function startNameServer({ names = {} as Names, isSilent = false } = {}) {
  const socket = createSocket("udp4")
  const asked: string[] = []
  const held: (() => void)[] = []
  socket.on("message", (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = readQuestion(query)
    asked.push(name)
    const addresses = (TYPES[type] && names[name]?.[TYPES[type]]) ?? []
    const answer = () =>
      socket.send(toAnswer(query.subarray(0, end), type, addresses), from.port, from.address)
    if (isSilent) held.push(answer)
    else answer()
  })
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve))
  return {
    servers: [`127.0.0.1:${socket.address().port}`],
    asked,
    answerAll: () => {
      for (const answer of held.splice(0)) answer()
    },
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** Repeats the question, with a record for each address. Without one, the name doesn't exist. */
function toAnswer(question: Buffer, type: number, addresses: string[]): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(addresses.length > 0 ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  const records = addresses.map((address) => {
    const data = toBytes(address)
    const record = Buffer.alloc(12)
    // The question's name, valid for one minute.
    record.writeUInt16BE(0xc00c, 0)
    record.writeUInt16BE(type, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt32BE(60, 6)
    record.writeUInt16BE(data.length, 10)
    return Buffer.concat([record, data])
  })
  return Buffer.concat([head, ...records])
}

const toBytes = (address: string) => Buffer.from(ipaddr.parse(address).toByteArray())
