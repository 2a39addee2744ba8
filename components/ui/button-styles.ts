import { classNames } from "./class-names"

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger"
export type ButtonSize = "small" | "medium" | "large"

const BASE =
  "relative inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55"

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:not-disabled:bg-accent-hover",
  secondary: "border border-border bg-surface text-text hover:not-disabled:bg-sunken",
  ghost: "text-muted hover:not-disabled:bg-sunken hover:not-disabled:text-text",
  danger: "border border-danger-border bg-surface text-danger hover:not-disabled:bg-danger-soft",
}

/** Taller on a phone, where a finger has to hit it. */
const SIZES: Record<ButtonSize, string> = {
  small: "h-10 px-3 text-caption sm:h-8",
  medium: "h-11 px-4 text-body sm:h-10",
  large: "h-12 px-5 text-body",
}

export function buttonStyles(variant: ButtonVariant, size: ButtonSize, className?: string): string {
  return classNames(BASE, VARIANTS[variant], SIZES[size], className)
}
