/** What usage is metered in, and what people call it. */
export const CONSUMABLE_NAMES = {
  llm_tokens: "LLM tokens",
  agent_compute: "Agent compute",
  api_calls: "API calls",
  mcp_calls: "MCP calls",
  email: "E-mail",
  sms: "SMS",
  voice: "Voice",
  storage: "Storage",
} as const

/** The name of a consumable; any other text stays as it is. */
export function consumableName(code: string): string {
  return (CONSUMABLE_NAMES as Record<string, string>)[code] ?? code
}
