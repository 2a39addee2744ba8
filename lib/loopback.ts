import ipaddr from "ipaddr.js"

/** Whether the text is an address of this machine itself. */
export function isLoopbackAddress(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.process(text).range() === "loopback"
}
