type Failed = { issues: { path: PropertyKey[]; message: string }[] }

/** Returns the first sentence about an input that a schema has refused. */
export function problemOf({ issues }: Failed): string {
  return issues[0]?.message ?? "Check what you entered."
}

/**
 * Returns the first sentence for each of a form's fields, in the order of the issues. `other` gets what concerns none of
 * them.
 */
export function problemsOf<Field extends string>(
  { issues }: Failed,
  fields: readonly Field[],
): Partial<Record<Field | "other", string>> {
  const problems: Partial<Record<Field | "other", string>> = {}
  for (const { path, message } of issues)
    problems[fields.find((each) => each === path[0]) ?? "other"] ??= message
  return problems
}
