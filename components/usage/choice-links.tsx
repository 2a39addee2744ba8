import { classNames } from "@/components/ui/class-names"
import { Link } from "@/components/ui/link"
import type { ChoiceLink } from "./usage-types"

/** One of a few, each with an address of its own. Scrolls sideways where there is no room. */
export function ChoiceLinks({ label, choices }: { label: string; choices: ChoiceLink[] }) {
  return (
    <nav aria-label={label} className="-mx-1 min-w-0 overflow-x-auto px-1 [scrollbar-width:none]">
      <ul className="flex w-max gap-0.5 rounded-control border border-border bg-sunken p-0.5">
        {choices.map(({ label: text, href, isCurrent }) => (
          <li key={text}>
            <Link
              aria-current={isCurrent ? "true" : undefined}
              className={classNames(
                "flex h-10 items-center rounded-[calc(var(--radius-control)-3px)] px-3 text-caption whitespace-nowrap transition-colors duration-100 sm:h-8",
                isCurrent
                  ? "bg-surface font-medium shadow-[0_0_0_1px_var(--border)]"
                  : "text-muted hover:text-text",
              )}
              href={href}
              scroll={false}
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
