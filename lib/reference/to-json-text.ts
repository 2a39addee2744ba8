const MAX_LINE = 76

/** Formats JSON for readers: a value that fits on a line stays on one. */
export function toJsonText(value: unknown, indent = ""): string {
  const line = oneLine(value)
  if (typeof value !== "object" || value === null || indent.length + line.length <= MAX_LINE) return line
  const inner = `${indent}  `
  if (Array.isArray(value))
    return `[\n${value.map((each) => inner + toJsonText(each, inner)).join(",\n")}\n${indent}]`
  const fields = Object.entries(value).map(
    ([name, each]) => `${inner}${JSON.stringify(name)}: ${toJsonText(each, inner)}`,
  )
  return `{\n${fields.join(",\n")}\n${indent}}`
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${oneLine(each)}`)
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`
}
