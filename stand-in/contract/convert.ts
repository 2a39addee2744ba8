import ts from "@typescript/typescript6"

export type JsonSchema = { [key: string]: unknown } | boolean

/**
 * Turns the SDK's types into JSON Schema. Objects are closed. `OtherString`, which the SDK adds to every enum, is
 * left out on purpose: a value that Stripe doesn't list is a mistake here.
 */
export class SchemaConverter {
  readonly definitions: Record<string, JsonSchema> = {}
  private readonly names = new Map<ts.Type, string>()

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly answerTypes: Set<ts.Type>,
  ) {}

  convert(type: ts.Type): JsonSchema {
    if (type.flags & ts.TypeFlags.Any || type.flags & ts.TypeFlags.Unknown) return true
    if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) return false
    if (type.flags & ts.TypeFlags.Null) return { type: "null" }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === "true" }
    if (type.flags & ts.TypeFlags.Boolean) return { type: "boolean" }
    if (type.flags & ts.TypeFlags.StringLike) return { type: "string" }
    if (type.flags & ts.TypeFlags.NumberLike) return { type: "number" }
    if (type.isUnion()) return this.convertUnion(type)
    if (type.isIntersection()) return { type: "string" }
    return this.convertObject(type)
  }

  private convertUnion(union: ts.UnionType): JsonSchema {
    const members = union.types.filter(
      (member) => !(member.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)),
    )
    const literals = members.filter((member) => member.isStringLiteral())
    const rest = members.filter(
      (member) => !member.isStringLiteral() && !(literals.length > 0 && member.isIntersection()),
    )
    const booleans = rest.filter((member) => member.flags & ts.TypeFlags.BooleanLiteral)
    const plain = booleans.length === 2 ? rest.filter((member) => !booleans.includes(member)) : rest
    const schemas = plain.map((member) => this.convert(member)).filter((schema) => schema !== false)
    if (booleans.length === 2) schemas.unshift({ type: "boolean" })
    if (literals.length > 0) schemas.push({ enum: literals.map((literal) => literal.value) })
    if (schemas.length === 0) return false
    return schemas.length === 1 ? (schemas[0] ?? false) : { anyOf: schemas }
  }

  private convertObject(type: ts.Type): JsonSchema {
    if (type.symbol?.name === "Decimal") return { type: "string", pattern: "^-?\\d+(\\.\\d+)?$" }
    const element = this.checker.isArrayType(type)
      ? this.checker.getTypeArguments(type as ts.TypeReference)[0]
      : undefined
    if (element) return { type: "array", items: this.convert(element) }
    if (this.isForeignResource(type)) return false
    const known = this.names.get(type)
    if (known) return { $ref: `#/definitions/${known}` }
    const name = `${type.symbol?.name ?? "type"}_${this.names.size}`
    this.names.set(type, name)
    this.definitions[name] = true
    this.definitions[name] = this.closedObject(type)
    return { $ref: `#/definitions/${name}` }
  }

  /** A whole Stripe object of a type that the stand-in doesn't make. */
  private isForeignResource(type: ts.Type): boolean {
    const tag = type.getProperty("object")
    if (!tag || !type.getProperty("id") || this.answerTypes.has(type)) return false
    return this.checker.getTypeOfSymbol(tag).isStringLiteral()
  }

  private closedObject(type: ts.Type): JsonSchema {
    const properties: Record<string, JsonSchema> = {}
    const required: string[] = []
    for (const property of this.checker.getPropertiesOfType(type)) {
      const schema = this.convert(this.checker.getTypeOfSymbol(property))
      if (schema === false) continue
      properties[property.name] = schema
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name)
    }
    const index = this.checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return { type: "object", properties, required, additionalProperties: index ? this.convert(index) : false }
  }
}
