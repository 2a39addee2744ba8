import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import ts from "@typescript/typescript6"

/**
 * Lists every type of event that the installed SDK declares: the members of its `Event` union, each by the text of
 * its `type`.
 */
export function listEventTypes(): string[] {
  const stripe = dirname(dirname(createRequire(import.meta.url).resolve("stripe")))
  const file = join(stripe, "esm", "resources", "Events.d.ts")
  const { statements } = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest)
  const union = statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === "Event")
  if (!union || !ts.isTypeAliasDeclaration(union) || !ts.isUnionTypeNode(union.type))
    throw new Error("The SDK declares its events in another way")
  const declared = new Map(
    statements.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, typeOf(node)]),
  )
  return union.type.types.map((member) => {
    const name = ts.isTypeReferenceNode(member) && ts.isIdentifier(member.typeName) && member.typeName.text
    const type = name && declared.get(name)
    if (!type) throw new Error("The SDK has an event without a type")
    return type
  })
}

function typeOf({ members }: ts.InterfaceDeclaration): string | null {
  for (const member of members) {
    if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name) || member.name.text !== "type")
      continue
    const { type } = member
    if (type && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text
  }
  return null
}
