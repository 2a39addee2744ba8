type Saved = { id: string; fingerprint: string | null; isDefault: boolean; createdAt: Date }

/**
 * Returns what tells two payment methods apart. Stripe saves one card anew with each checkout, under the same
 * fingerprint.
 */
export function identityOf({ id, fingerprint }: Pick<Saved, "id" | "fingerprint">): string {
  return fingerprint ?? id
}

/** Keeps one method per card, in the given order: the default one, else the newest. */
export function onePerCard<Method extends Saved>(methods: readonly Method[]): Method[] {
  const shown = new Map<string, Method>()
  for (const method of methods) {
    const known = shown.get(identityOf(method))
    if (!known || comesBefore(method, known)) shown.set(identityOf(method), method)
  }
  return methods.filter((method) => shown.get(identityOf(method)) === method)
}

function comesBefore(one: Saved, other: Saved): boolean {
  if (one.isDefault !== other.isDefault) return one.isDefault
  return (
    one.createdAt > other.createdAt ||
    (one.createdAt.getTime() === other.createdAt.getTime() && one.id > other.id)
  )
}
