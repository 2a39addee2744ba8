export const CHANGED_MEANWHILE =
  "Somebody changed this in the meantime. Close it, look at the new settings, and save again."
