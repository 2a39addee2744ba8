import type { ComponentProps } from "react"
import { type ButtonSize, type ButtonVariant, buttonStyles } from "./button-styles"
import { classNames } from "./class-names"
import { Spinner } from "./icon"

export type ButtonProps = Omit<ComponentProps<"button">, "style"> & {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Keeps the width and the focus while pending, and neither submits nor calls `onClick`. */
  pending?: boolean
}

export function Button({
  variant = "secondary",
  size = "medium",
  pending = false,
  type = "button",
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      className={buttonStyles(variant, size, classNames(pending && "cursor-progress!", className))}
      onClick={pending ? undefined : onClick}
      type={pending ? "button" : type}
    >
      <span className={classNames("inline-flex items-center gap-2", pending && "opacity-0")}>{children}</span>
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  )
}
