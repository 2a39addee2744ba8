import type { ReactNode } from "react"
import { type ButtonSize, type ButtonVariant, buttonStyles } from "./button-styles"
import { Link } from "./link"

type LinkButtonProps = {
  href: string
  variant?: ButtonVariant
  size?: ButtonSize
  className?: string
  children: ReactNode
}

export function LinkButton({
  href,
  variant = "secondary",
  size = "medium",
  className,
  children,
}: LinkButtonProps) {
  return (
    <Link className={buttonStyles(variant, size, className)} href={href}>
      {children}
    </Link>
  )
}
